import type { CannotRunError } from '../errors.ts';
import { harmlessLines } from './text.ts';

/** What kept something from taking place: the sentence, the evidence, and what to do about it, a line each. */
export function errorText({ message, detail, nextStep }: CannotRunError): string {
  const lines = [message, ...detail.map((line) => `  ${line}`), ...(nextStep === null ? [] : [nextStep])];
  return harmlessLines(lines.map((line) => `${line}\n`).join(''));
}
