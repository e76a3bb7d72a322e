#!/usr/bin/env node
// The one door to every command: `npm start`, `npm test` and the rest come through here. It has no dependencies and
// runs on any Node from 18, because it is what brings the newer one.

if (Number(process.versions.node.split('.')[0]) < 18) {
  console.error('Foyer needs Node 18 or newer to set itself up; this is Node ' + process.versions.node + '.');
  process.exit(1);
}

// Node 18 calls fetch an experiment, in a warning that means nothing to whoever starts Foyer.
if (process.versions.node.startsWith('18.')) process.removeAllListeners('warning');

// Imported only now: an older Node could not even read it.
import('./launcher/main.mjs').then((launcher) => launcher.main(process.argv.slice(2)));
