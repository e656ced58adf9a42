/** What may stand in a file's name on every system; nothing that a server could take for a path or a command. */
export const pathPart = (text: string): string => text.replace(/[^A-Za-z0-9_-]+/g, '_').slice(0, 40) || '_';
