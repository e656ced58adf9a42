/** After the last test: stops the shared servers and removes their files. */
export default () => globalThis.testkitServers.close();
