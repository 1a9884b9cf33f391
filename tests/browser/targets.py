"""Whether what is pressed is far enough from what else is pressed, so that axe-core need not ask (WCAG 2.5.8)."""

# axe-core sorts all that is on a page by what covers what, to say how much of a target can be pressed, and needs half
# of its time for it. Where each target is at least 24 px wide and high and covered by no other, or has a circle of
# 24 px to itself, it finds nothing. This asks for more than axe does, which lets links in a sentence be close.
ARE_APART = """() => {
  const MOST = 24, named = `a[href], area[href], button, input:not([type=hidden]), select, textarea, summary, iframe,
    audio, video, [role][tabindex], [contenteditable]`;
  const isBig = ({ width, height }) => width >= MOST && height >= MOST;
  const targets = [...document.querySelectorAll(named)]
    .filter((target) => target.checkVisibility({ visibilityProperty: true }))
    .map((target) => {
      const box = target.getBoundingClientRect();
      const isInline = !isBig(box) || getComputedStyle(target).display === "inline";
      const parts = isInline ? [...target.getClientRects()] : [box];
      return { box, parts, isBig: isBig(box) && parts.every(isBig) };
    });
  const overlap = (one, other) =>
    one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;
  const isNear = (part, { box, isBig }) => {
    const x = part.left + part.width / 2, y = part.top + part.height / 2;
    const beside = Math.hypot(Math.max(box.left - x, x - box.right, 0), Math.max(box.top - y, y - box.bottom, 0));
    const toMiddle = Math.hypot(box.left + box.width / 2 - x, box.top + box.height / 2 - y);
    return beside < MOST / 2 || (!isBig && toMiddle < MOST);
  };
  const isClose = (one, other) =>
    one.isBig ? overlap(one.box, other.box) : one.parts.some((part) => isNear(part, other));
  return !targets.some((one) => targets.some((other) => one !== other && isClose(one, other)));
}"""
