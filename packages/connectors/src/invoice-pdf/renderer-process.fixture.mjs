/** In a renderer's place: says that it is there, and stays. */
console.log(JSON.stringify({ url: 'http://127.0.0.1:9' }));
setInterval(() => undefined, 1_000);
