import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { listTools } from '../surfaces/mcp/toolListing.ts';
import { findTool } from '../tools/registry.ts';

/**
 * Writes down what `tools/list` answers, so that the stdio server computes no schema at its start.
 * @param root of the package
 * @param outdir of the programs
 */
export async function writeListing(root: string, outdir: string): Promise<void> {
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string };
  const tools = listTools();
  const sets = Object.fromEntries(tools.map(({ name }) => [name, findTool(name)?.set]));
  await writeFile(join(outdir, 'mcp-listing.json'), JSON.stringify({ version, tools, sets }));
}
