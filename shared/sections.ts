/** The name under which our settings live. Apart from the schema, so that the client does not carry it. */
export const SETTINGS_SECTION = 'ecocompute';
