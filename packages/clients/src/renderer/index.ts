export { RendererTroubleError } from './errors.ts';
export type { Checked, Drawn, Joined, PageToDraw } from './protocol.ts';
export { openRenderer, type Renderer, type RendererAddress, type RendererOptions } from './renderer.ts';
