export { RendererTroubleError } from './errors.ts';
export { type Fairly, fairly } from './fairly.ts';
export type { Checked, Drawn, Joined, PageToDraw } from './protocol.ts';
export { type Asked, openRenderer, type Renderer, type RendererAddress, type RendererOptions } from './renderer.ts';
