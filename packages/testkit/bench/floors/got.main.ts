/** By got, set up as our client sets it up: one extended instance, kept connections, nothing copied in vain. */
import { Agent, type ClientRequest, type RequestOptions, request } from 'node:http';
import got, { type OptionsInit } from 'got';
import { HEADERS, runFloor, TO } from './worker.ts';

const agent = new Agent({ keepAlive: true, timeout: 4_000 });

const lean: NonNullable<OptionsInit['request']> = (url, { method, headers, agent }, onAnswer) => {
  const { protocol, hostname, port, pathname: path } = url;
  return request({ protocol, hostname, port, path, method, headers, agent } as RequestOptions, onAnswer);
};

const client = got.extend({
  headers: { 'user-agent': 'bare' },
  agent: { http: agent },
  request: lean,
  followRedirect: false,
  throwHttpErrors: false,
  retry: { limit: 0 },
});

await runFloor(post, () => agent.destroy());

function post(body: string): Promise<number> {
  const stream = client.stream(TO, { method: 'POST', headers: HEADERS, timeout: { request: 15_000 } });
  stream.once('request', (sent: ClientRequest) => sent.end(body));
  return new Promise((resolve, reject) => {
    stream.once('error', reject).once('end', () => resolve(stream.response?.statusCode ?? 0));
    stream.resume();
  });
}
