/** Says in one message which Node the development scripts need. The built CLI and server run on Node 20. */
const major = Number(process.versions.node.split('.')[0]);
if (major < 22) {
  console.error(
    `Node ${process.versions.node} is too old for the development scripts: run "npm ci" (it brings Node 24 where the registry has it for this platform) or install Node 22 or later.`,
  );
  process.exit(1);
}
