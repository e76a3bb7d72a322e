import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { claimNode, NodeTakenError, OlderServerError, requireNoNode } from './node-claim.ts';

describe('one process per node of a data directory', () => {
  let dataDir: string;
  beforeEach(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'foyer-claim-'));
  });
  afterEach(() => rmSync(dataDir, { recursive: true }));

  test('[RS6] a node that is taken is refused by its name, and free again once it is let go', () => {
    const claim = claimNode(dataDir, 'node-1');
    expect(() => claimNode(dataDir, 'node-1')).toThrow(NodeTakenError);
    expect(() => claimNode(dataDir, 'node-1')).toThrow(`${dataDir} (as node-1)`);
    claim.release();
    claim.release();
    claimNode(dataDir, 'node-1').release();
  });

  test('[RS6] nodes of different names, and of different data directories, are in nobody’s way', () => {
    const elsewhere = join(dataDir, 'elsewhere');
    const claims = [claimNode(dataDir, 'north'), claimNode(dataDir, 'south'), claimNode(elsewhere, 'north')];
    for (const claim of claims) claim.release();
  });

  test('[RS6] what else ends in .lock is no node and stays as it is, and the nodes beside it are seen', () => {
    const notes = 'Backed up by hand, do not delete.\n'.repeat(40);
    for (const [name, text] of Object.entries({ backup: notes, brief: '4711\n' })) {
      writeFileSync(join(dataDir, `${name}.lock`), text);
    }
    mkdirSync(join(dataDir, 'apart.lock'));
    requireNoNode(dataDir);
    const claim = claimNode(dataDir, 'node-1');
    expect(() => requireNoNode(dataDir)).toThrow(OlderServerError);
    claim.release();
    requireNoNode(dataDir);
    expect(readFileSync(join(dataDir, 'backup.lock'), 'utf8')).toBe(notes);
  });

  test('[RS6] what is left of it is one empty file', () => {
    claimNode(dataDir, 'node-1').release();
    expect(readdirSync(dataDir)).toEqual(['node-1.lock']);
  });
});
