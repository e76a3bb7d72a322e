import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { claimNode, NodeTakenError } from './node-claim.ts';

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

  test('[RS6] what is left of it is one empty file', () => {
    claimNode(dataDir, 'node-1').release();
    expect(readdirSync(dataDir)).toEqual(['node-1.lock']);
  });
});
