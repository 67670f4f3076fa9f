// A file's text, decoded as its byte order mark or its declaration says, else as UTF-8: bpmn-moddle and bpmn-js take text, not bytes.
export function textOf(bytes) {
  return new TextDecoder(encodingOf(bytes)).decode(bytes);
}

function encodingOf(bytes) {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  const head = new TextDecoder('latin1').decode(bytes.subarray(0, 200));
  return /^\s*<\?xml[^>]*encoding\s*=\s*["']([^"']+)["']/.exec(head)?.[1] ?? 'utf-8';
}
