/** Shapes that several calls share. */
import { z } from 'zod';

/** A moment as it goes out. */
export const timeOut = z.iso.datetime();
export const written = (at: Date | null): string | null => at?.toISOString() ?? null;

/** As in updates by queue: text that the database can hold. */
export { accountName, orderNumber } from '@lazada-sof/queue';

/** A page of a list; ask again with `cursor` until `nextCursor` is null. */
export const pageOf = <Item extends z.ZodType>(item: Item) =>
  z.object({ items: z.array(item), nextCursor: z.string().nullable() });
