/** Lazada's SOF module: logs in and reports what happened to the parcels of a seller who delivers them with an own fleet. */
import { openConnections } from '../http/connections.ts';
import { type AuthenticateSettings, authenticate, type Login, type Token } from './authenticate.ts';
import { type OrderStatusUpdate, sendUpdateOrderStatus } from './send-update-order-status.ts';

export type { Login, OrderStatusUpdate, Token };
/** Paths are exact, a trailing slash is part of them. */
export type SofSettings = AuthenticateSettings & { readonly statusPath: string };

type Call = { signal?: AbortSignal | undefined };

export type SofClient = {
  /** @throws LoginRefusedError, NoTokenInAnswerError, or what any request may throw */
  authenticate(login: Login, call?: Call): Promise<Token>;
  /**
   * Reports one status of one parcel, with a token that `authenticate` gave. Over within 15 s.
   * @throws a ClientError whose `delivery` tells whether it was refused, never left, or may have arrived
   */
  sendUpdateOrderStatus(token: string, update: OrderStatusUpdate, call?: Call): Promise<{ httpStatus: number }>;
  /** Ends the kept connections. */
  close(): void;
};

/** A client with its own kept connections: close it when it is not needed any more. */
export function openSofClient(settings: SofSettings): SofClient {
  const connections = openConnections();
  return {
    authenticate: (login, call) => authenticate(connections, settings, login, call),
    sendUpdateOrderStatus: (token, update, call) => sendUpdateOrderStatus(connections, settings, token, update, call),
    close: connections.close,
  };
}
