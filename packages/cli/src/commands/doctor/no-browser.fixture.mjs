/** In a renderer's place: one whose browser does not start. */
import { createServer } from 'node:http';

const server = createServer((request, response) => {
  request.resume().on('end', () => {
    response.writeHead(503, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ trouble: 'Chromium does not start (no room)', isWithoutBrowser: true }));
  });
});
const [socketPath] = process.argv.slice(2);
server.listen(socketPath, () => console.log(JSON.stringify({ socketPath })));
