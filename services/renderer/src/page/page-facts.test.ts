import { describe, expect, test } from '@jest/globals';
import { type PageFacts, readPage } from './page-facts.ts';

const page = (facts: Partial<PageFacts>): PageFacts => ({
  title: '',
  text: '',
  pictures: false,
  missing: [],
  passwordField: false,
  asksToAct: false,
  shown: [],
  refreshes: [],
  ...facts,
});
const PDF = 'https://docs.lazada.sg/1.pdf';

describe('a page is an invoice', () => {
  test.each<[string, Partial<PageFacts>]>([
    ['with text', { text: 'Tax invoice 1' }],
    ['with text in Thai digits and a link', { text: 'ใบกำกับภาษี ๑๒๓', asksToAct: true }],
    ['with text without a digit, as long as it asks for nothing', { text: 'ใบกำกับภาษี' }],
    ['as a picture that came along', { pictures: true }],
    ['as a picture that is to be fetched', { missing: ['https://www.lazada.sg/1.png'] }],
    ['that only calls for itself again', { text: 'Tax invoice 1', refreshes: ['30'] }],
    ['whose title speaks of an error in passing', { title: 'Invoice without error 1', text: 'Invoice 1' }],
  ])('%s', (_, facts) => {
    expect(readPage(page(facts))).toEqual({ is: 'invoice' });
  });
});

describe('a page is a pointer', () => {
  test.each<[string, Partial<PageFacts>]>([
    ['that shows one document and nothing else', { shown: [PDF] }],
    ['with white space', { shown: [PDF], text: ' \n\u00a0' }],
    ['that names the document twice', { shown: [PDF, PDF] }],
    ['beside a picture that is to be fetched', { shown: [PDF], missing: ['https://www.lazada.sg/wait.gif'] }],
    ['that leads on', { refreshes: [`0;url=${PDF}`] }],
    ['that leads on in quotes', { refreshes: [`5; URL='${PDF}'`] }],
    ['that leads on without saying url', { refreshes: [`0, ${PDF}`] }],
  ])('%s', (_, facts) => {
    expect(readPage(page(facts))).toEqual({ is: 'pointer', to: PDF });
  });
});

describe('a page is refused', () => {
  test.each<[string, Partial<PageFacts>, RegExp]>([
    ['without anything on it', {}, /nothing is to be seen/],
    ['that points at two documents', { shown: [PDF, `${PDF}?2`] }, /points at 2/],
    ['with text around a document', { text: 'Your invoice 1:', shown: [PDF] }, /around another document/],
    ['with text that leads on', { text: 'Wait 5 seconds', refreshes: [`5;url=${PDF}`] }, /around another document/],
    ['that is masked', { text: 'Name: ****' }, /masked/],
    ['with a password field', { text: 'Invoice 1', passwordField: true }, /login/],
    ['with the title of a login', { title: 'Sign in | Seller', text: 'Use your phone 1' }, /login/],
    ['with the title of a login in Thai', { title: 'เข้าสู่ระบบ', text: '1' }, /login/],
    ['with the title of an error', { title: '502 Bad Gateway', text: '502 Bad Gateway nginx' }, /error page/],
    ['with the title of a missing page', { title: 'Not Found', text: '404' }, /error page/],
    ['of links without a number', { text: 'Click here for your invoice', asksToAct: true }, /links/],
  ])('%s', (_, facts, reason) => {
    expect(readPage(page(facts))).toEqual({ is: 'refused', reason: expect.stringMatching(reason) });
  });

  test('without a word of what stands on it', () => {
    expect(JSON.stringify(readPage(page({ title: 'Log in Jane', text: 'Jane ****' })))).not.toContain('Jane');
  });
});
