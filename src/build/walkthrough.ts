const PREFIX = 'memoryCentral';

/** Five steps, from nothing to a memory that is recalled and a connected Claude Code. Each is done when it was seen to work. */
export const walkthrough = {
  id: 'start',
  title: 'Get Started with Memory Central',
  description: 'Store a memory, recall it, and let Claude Code share it.',
  icon: 'media/icon.png',
  steps: [
    step(
      'store',
      'Store a memory',
      'One fact, decision or preference, complete in itself. It stays on this machine, and every agent that you connect knows it.\n[Store a Memory](command:memoryCentral.store)\nSelect some code to remember that, with the place where it stands.',
      'stored',
    ),
    step(
      'recall',
      'Recall it in other words',
      'Ask as you would ask a colleague: what is near in meaning is found, not only the same words.\n[Search Memories](command:memoryCentral.search)',
      'recalled',
    ),
    step(
      'import',
      'Begin with what is written already',
      "The README and the docs of this workspace become memories, section by section. They follow the files when you import again.\n[Import This Workspace's Docs](command:memoryCentral.importDocs)",
      'imported',
    ),
    step(
      'ask',
      'Ask @memory, or let Copilot recall by itself',
      'In the chat, @memory answers from what is remembered and links its sources. #recall and #remember work in every question, and instructions tell Copilot to use them unasked.\n[Ask @memory](command:memoryCentral.askMemory)\n[Add Instructions for Copilot](command:memoryCentral.addInstructions)',
      'asked',
    ),
    step(
      'connect',
      'Connect Claude Code',
      'It shares this memory over MCP: what one agent learns, the other knows. You see the change of its configuration before it is made.\n[Connect a Client](command:memoryCentral.connectClient)\nOthers in your LAN can share it too: [connect to a central Redis](command:memoryCentral.connectRedis).',
      'connected',
    ),
  ],
};

/** @param done what the extension notes once it was seen, see `welcome/steps.ts` */
function step(id: string, title: string, description: string, done: string) {
  const picture = (theme: string) => `media/walkthrough/${id}-${theme}.png`;
  return {
    id,
    title,
    description,
    media: {
      image: {
        dark: picture('dark'),
        light: picture('light'),
        hc: picture('hc'),
        hcLight: picture('hc-light'),
      },
      altText: title,
    },
    completionEvents: [`onContext:${PREFIX}.${done}`],
  };
}
