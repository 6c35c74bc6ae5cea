import { ResultTooLarge } from './guard-errors.js';

/**
 * Arrays and JSON are read at a stretch, in up to a microsecond for each element: what one row holds of them must not
 * keep the event loop from everybody else.
 */
const MAX_ROW_ELEMENTS = 262_144;
/** Deeper JSON can be read, and then not be written. */
const MAX_JSON_DEPTH = 1000;

const [COMMA, OPEN_BRACKET, CLOSE_BRACKET, OPEN_BRACE, CLOSE_BRACE] = [0x2c, 0x5b, 0x5d, 0x7b, 0x7d];

/** What reading the values of one row costs. @throws ResultTooLarge */
export class RowWork {
  private elements = 0;

  startRow(): void {
    this.elements = 0;
  }

  /** The driver reads arrays letter by letter, so two letters count as much as an element. */
  spendOnArray(text: string): void {
    this.spend(text.length / 2);
  }

  /** Counts what divides elements, in texts as well. */
  spendOnJson(text: string): void {
    let depth = 0;
    let elements = 0;
    for (let at = 0; at < text.length; at += 1) {
      const unit = text.charCodeAt(at);
      if (unit === COMMA) elements += 1;
      else if (unit === CLOSE_BRACE || unit === CLOSE_BRACKET) depth -= 1;
      else if (unit === OPEN_BRACE || unit === OPEN_BRACKET) {
        elements += 1;
        depth += 1;
        if (depth > MAX_JSON_DEPTH) throw new ResultTooLarge({ name: 'MAX_JSON_DEPTH', max: MAX_JSON_DEPTH });
      }
    }
    this.spend(elements);
  }

  private spend(elements: number): void {
    this.elements += elements;
    if (this.elements <= MAX_ROW_ELEMENTS) return;
    throw new ResultTooLarge({ name: 'MAX_ROW_ELEMENTS', max: MAX_ROW_ELEMENTS });
  }
}
