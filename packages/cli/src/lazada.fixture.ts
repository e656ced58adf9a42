/** Accounts that Lazada knows. */
import type { TestSimulator } from '@lazada-sof/testkit';
import type { TestCli } from './cli.fixture.ts';

type AtLazada = Readonly<
  Record<'appKey' | 'appSecret' | 'accessToken' | 'refreshToken' | 'sofUsername' | 'sofPassword', string>
>;

/** One in the host's table, with these columns over what Lazada told; answers its name. */
export async function shopAtLazada(
  { cli, simulator }: { readonly cli: TestCli; readonly simulator: TestSimulator },
  name: string,
  columns: Readonly<Record<string, unknown>> = {},
): Promise<string> {
  const made = await simulator.control<AtLazada>('POST', '/accounts', { name, country: 'SG' });
  return cli.shop({
    name,
    app_key: made.appKey,
    app_secret: made.appSecret,
    access_token: made.accessToken,
    refresh_token: made.refreshToken,
    sof_username: made.sofUsername,
    sof_password: made.sofPassword,
    ...columns,
  });
}
