/** Pages as Lazada sends them, and what is put into them. */
const INVOICE = `<!DOCTYPE html><html><head><meta charset="utf-8"><title>Tax invoice</title>
<style>.a{background:url("data:image/gif;base64,R0lGODlhAQABAAAAACw=")}</style></head><body>
<table border="1"><tr><td>Order 400100000214601</td><td>ราคา ฿ 1,290.00</td></tr></table>
<img src="https://laz-img.alicdn.com/qr.png?sign=1" srcset="a 1x, b 2x"><input value="INV-1"><p hidden>x</p>
</body></html>`;
const POINTER = `<html><head><meta http-equiv="refresh" content="0; url=https://filebroker.lazada.sg/x.pdf"></head>
<body><embed src="https://filebroker.lazada.sg/x.pdf" type="application/pdf"><iframe src="y.pdf"></iframe></body></html>`;
const LOGIN = '<html><title>Sign in</title><body><form><input type=password></form></body></html>';
const XHTML = '<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><body><p>1</p></body></html>';
const SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"><image href="x"/></svg>';

export const PAGES = [INVOICE, POINTER, LOGIN, XHTML, SVG, '{"code":"0"}', '%PDF-1.4\n%%EOF'];

export const PAGE_TOKENS = [
  ...[
    '<div>',
    '</div>',
    '<script>',
    '<!--',
    '-->',
    '<![CDATA[',
    ']]>',
    '<svg>',
    '<math>',
    '<template>',
    '<table>',
    '</table>',
  ],
  ...[
    '<select>',
    '<plaintext>',
    '<textarea>',
    '<title>',
    '<meta charset=utf-16>',
    '<base href="javascript:">',
    '<frameset>',
  ],
  ...[
    'style="display:none"',
    'hidden',
    'srcset=",,,"',
    'url(',
    '&#0;',
    '&amp',
    '&#xD800;',
    '****',
    'J***n',
    '\u0e3f',
    '\ufeff',
  ],
  ...[
    '%PDF-1.7',
    '<?xml version="1.0"?>',
    '<iframe srcdoc="<p>">',
    '<style>@import "x";',
    '@page{size:1e9px}',
    'width:1e9px',
  ],
];
