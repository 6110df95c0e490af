/** The editor's theme on top of the report's own style: colours, fonts, focus, high contrast. */
export const pageStyle = `
:root {
  --eco-text: var(--vscode-foreground); --eco-muted: var(--vscode-descriptionForeground);
  --eco-background: var(--vscode-editor-background); --eco-surface: var(--vscode-editorWidget-background);
  --eco-border: var(--vscode-panel-border, var(--vscode-contrastBorder, transparent));
  --eco-accent: var(--vscode-charts-green); --eco-before: var(--vscode-editorWarning-foreground); --eco-link: var(--vscode-textLink-foreground);
}
body { background: var(--vscode-editor-background); color: var(--vscode-foreground); font-family: var(--vscode-font-family); font-size: var(--vscode-font-size); padding: 0 1.5rem 2rem; }
a { color: var(--vscode-textLink-foreground); }
code, pre { font-family: var(--vscode-editor-font-family); font-size: var(--vscode-editor-font-size); }
pre code { background: none; padding: 0; }
pre { background: var(--vscode-textCodeBlock-background); padding: .6rem .8rem; overflow-x: auto; }
[data-line] { cursor: pointer; }
a:focus-visible, [tabindex]:focus-visible { outline: 1px solid var(--vscode-focusBorder); outline-offset: 2px; }
table { border-collapse: collapse; }
th, td { text-align: left; padding: .25rem .75rem .25rem 0; border-bottom: 1px solid var(--eco-border); vertical-align: top; }
body.vscode-high-contrast section, body.vscode-high-contrast-light section { border: 1px solid var(--vscode-contrastBorder); }
`;
