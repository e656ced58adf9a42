export * from './errors.ts';
export { isDigits, NotAnIdError } from './json.ts';
