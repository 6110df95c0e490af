/**
 * Carbon intensity of electricity by cloud region, country and Nordic zone, and the power
 * usage effectiveness (PUE) of data centres. Annual averages; each with its source.
 */

import type { Found } from './accelerators.js';
import table from './data/carbon.json' with { type: 'json' };
import { nearest } from './nearest.js';
import { workspaceTables } from './workspaceTables.js';

export interface Region {
  /** `aws:us-east-1`, `FRA`, `SE3`, `world`. */
  readonly id: string;
  readonly name: string;
  readonly gCO2ePerKWh: number;
  readonly source: string;
  /** The provider publishes none: the nearest grid's value, named here. */
  readonly proxiedFrom: string | null;
  /** Cloud provider when it is a cloud region. */
  readonly provider: string | null;
  readonly year: number | null;
}

export interface Pue {
  readonly provider: string;
  readonly value: number;
  readonly year: number | null;
  readonly source: string;
}

const sources: readonly string[] = table.sourceTable;
type CountryRow = [string, string, number, number | null, number];
type ZoneRow = [string, number, number | null, number];

export const worldRegion: Region = {
  id: 'world',
  name: 'World average',
  gCO2ePerKWh: table.world.gCO2ePerKWh,
  source: sources[table.world.source],
  proxiedFrom: null,
  provider: null,
  year: 2019,
};

export const regions: readonly Region[] = [
  worldRegion,
  ...table.regions.map(
    (row): Region => ({
      id: `${row.provider}:${row.region}`,
      name: row.place === '' ? `${row.provider} ${row.region}` : `${row.provider} ${row.region} (${row.place})`,
      gCO2ePerKWh: row.gCO2ePerKWh,
      source: sources[row.source],
      proxiedFrom: (row as { proxiedFrom?: string }).proxiedFrom ?? null,
      provider: row.provider,
      year: null,
    }),
  ),
  // A country with 0 has no emissions in the source's categories: not a figure to price with.
  ...(table.countries as CountryRow[])
    .filter((row) => row[2] > 0)
    .map(
      ([id, name, value, year, source]): Region => ({
        id,
        name,
        gCO2ePerKWh: value,
        source: sources[source],
        proxiedFrom: null,
        provider: null,
        year,
      }),
    ),
  ...(table.zones as ZoneRow[]).map(
    ([id, value, year, source]): Region => ({
      id,
      name: `${id} (bidding zone)`,
      gCO2ePerKWh: value,
      source: sources[source],
      proxiedFrom: null,
      provider: null,
      year,
    }),
  ),
];

/** Names people use for countries whose table name or code differs. */
const countryAliases: Readonly<Record<string, string>> = {
  us: 'usa',
  uk: 'gbr',
  eu: 'eu',
  de: 'deu',
  fr: 'fra',
  cn: 'chn',
  jp: 'jpn',
  in: 'ind',
  se: 'swe',
  no: 'nor',
  ca: 'can',
  au: 'aus',
  es: 'esp',
  it: 'ita',
  nl: 'nld',
  pl: 'pol',
  ch: 'che',
  sg: 'sgp',
  kr: 'kor',
  br: 'bra',
  'united states of america': 'usa',
  'great britain': 'gbr',
};

const index = new Map<string, Region>();
for (const region of regions) {
  for (const name of [region.id, region.name, region.id.includes(':') ? region.id.split(':')[1] : '']) {
    const key = name.toLowerCase();
    if (key !== '' && !index.has(key)) index.set(key, region);
  }
}

/** A region by cloud region (`us-east-1`, `gcp:europe-west4`), country (`FRA`, `France`, `US`) or `world`. */
export function findRegion(name: string, extra: readonly Region[] = workspaceTables().regions): Found<Region> {
  const key = name.trim().toLowerCase();
  const own = extra.find((region) => region.id.toLowerCase() === key);
  const found = own ?? index.get(key) ?? index.get(countryAliases[key] ?? '');
  if (found) return { ok: true, value: found };
  const near = nearest(key, [...extra.map((one) => one.id), ...index.keys()], 4);
  return {
    ok: false,
    message: `Unknown region "${name}". ${near.length > 0 ? `Did you mean ${near.join(', ')}? ` : ''}Use a cloud region (aws:us-east-1), a country (FRA, France) or "world".`,
  };
}

/** The table as the workspace has it: its own first. */
export function allRegions(): readonly Region[] {
  const own = workspaceTables().regions;
  return own.length === 0 ? regions : [...own, ...regions.filter((one) => !own.some((o) => o.id === one.id))];
}

/** Industry survey average: what is used where the operator of the machine is not known. */
const surveyAverage = table.pue.find((row) => row.provider.startsWith('industry survey'))!;

/** PUE that the workspace gives, else of the region's provider, otherwise the survey average of the industry. */
export function pueOf(region: Region): Pue {
  const own = workspaceTables().pue.get(region.id);
  if (own !== undefined)
    return { provider: region.name, value: own, year: null, source: 'set in ecocompute.hardware.json' };
  const row = table.pue.find((one) => one.cloud !== null && one.cloud === region.provider) ?? surveyAverage;
  return { provider: row.provider, value: row.pue, year: row.year, source: sources[row.source] };
}
