/** The Model Context Protocol server over stdio: the tools of tools.ts for agents. Standard output carries the protocol alone. */
import type { Readable, Writable } from 'node:stream';
import { type ToolPorts, tools } from './tools.js';

export interface McpOptions {
  readonly version: string;
  readonly ports: ToolPorts;
  readonly input?: Readable;
  readonly output?: Writable;
}

/** Serves until the input ends. */
export async function serveMcp({ version, ports, input, output }: McpOptions): Promise<void> {
  const { McpServer } = await import('@modelcontextprotocol/sdk/server/mcp.js');
  const { StdioServerTransport } = await import('@modelcontextprotocol/sdk/server/stdio.js');
  const server = new McpServer({ name: 'ecocompute', version });
  for (const tool of tools) {
    server.registerTool(
      tool.name,
      {
        title: tool.title,
        description: tool.description,
        inputSchema: tool.input,
        // nothing is written; propose_fix may ask a language model where that was allowed
        annotations: { readOnlyHint: true, openWorldHint: tool.name === 'propose_fix' },
      },
      async (args: Record<string, unknown>, extra: { signal: AbortSignal }) => {
        try {
          const answer = await tool.run(args as never, ports, extra.signal);
          return { content: [{ type: 'text' as const, text: answer.text }], structuredContent: answer.data };
        } catch (error) {
          const message = error instanceof Error ? error.message : String(error);
          return { content: [{ type: 'text' as const, text: message }], isError: true };
        }
      },
    );
  }
  const transport = new StdioServerTransport(input, output);
  const ended = new Promise<void>((resolve) => {
    (input ?? process.stdin).once('end', resolve);
    (input ?? process.stdin).once('close', resolve);
  });
  await server.connect(transport);
  await ended;
  await server.close();
}
