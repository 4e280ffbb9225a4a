// A visit as a person makes it: presses at the place where something is painted, scrolls to what is not on the screen, and
// counts both.

import assert from "node:assert/strict";

/// What is in view of a page, and what it takes to see and press the rest.
export class Visit {
  constructor(page) {
    this.page = page;
    /// Presses of a button, a link, a fold.
    this.presses = 0;
    /// Pixels that the person had to scroll; what the page brings into view by itself costs nothing.
    this.scrolled = 0;
  }

  /// Screens that were scrolled.
  get screens() {
    return this.scrolled / this.page.viewportSize().height;
  }

  /// Scrolls as little as brings the element into view, and gives the middle of it.
  async see(locator) {
    const { top, bottom, height } = await locator.evaluate((element) => {
      const { top, bottom } = element.getBoundingClientRect();
      return { top, bottom, height: innerHeight };
    });
    const away = top < 0 ? top : Math.max(0, Math.min(top, bottom - height));
    if (away !== 0) {
      this.scrolled += Math.abs(away);
      await this.page.evaluate((by) => scrollBy({ top: by, behavior: "instant" }), away < 0 ? Math.floor(away) : Math.ceil(away));
    }
    return locator.evaluate((element) => {
      const { top, bottom, left, right } = element.getBoundingClientRect();
      return { x: (left + right) / 2, y: (Math.max(top, 0) + Math.min(bottom, innerHeight)) / 2 };
    });
  }

  /// Presses what is painted at the place of the element, which must be a part of it.
  async press(locator) {
    await locator.waitFor();
    const at = await this.see(locator);
    const hit = await locator.evaluate((element, { x, y }) => element.contains(document.elementFromPoint(x, y)), at);
    assert.ok(hit, `something else is painted at ${at.x}, ${at.y}, the place of ${locator}`);
    this.presses += 1;
    await this.page.mouse.click(at.x, at.y);
  }

  /// Types into the field, which gets the focus by a press unless it has it already.
  async type(locator, text) {
    await locator.waitFor();
    if (!(await locator.evaluate((element) => element === document.activeElement))) await this.press(locator);
    await this.page.keyboard.insertText(text);
  }
}
