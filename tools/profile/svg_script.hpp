// SPDX-License-Identifier: MIT
//
// What stands in every flame graph: its head, how boxes look, and how they react. A click on a box makes it as wide as
// the graph, another one on a box below it goes back; names are searched by a regular expression. A link to the graph
// with #TEXT behind it opens it with that search.
#pragma once

namespace surefoot::tools {

/// Of width, height and style.
inline constexpr const char* svg_head =
    R"svg(<?xml version="1.0" encoding="UTF-8" standalone="no"?>
<svg xmlns="http://www.w3.org/2000/svg" version="1.1" width="{0:.0f}" height="{1:.0f}"
  viewBox="0 0 {0:.0f} {1:.0f}">
<style>
{2}</style>
<defs><pattern id="lines" width="9" height="9" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
<rect width="9" height="9" fill="#fff" fill-opacity="0.5"/>
<rect width="2" height="9" fill="#c2183a" fill-opacity="0.6"/>
</pattern></defs>
<rect width="100%" height="100%" fill="#fbfaf7"/>
)svg";

inline constexpr const char* style_text =
    R"css(text { font: 11px "DejaVu Sans Mono", "Liberation Mono", Menlo, Consolas, monospace; fill: #1b1b1b; }
.title { font-size: 17px; font-weight: bold; text-anchor: middle; }
.summary { font-size: 12px; text-anchor: middle; }
.button { fill: #20558a; cursor: pointer; }
#search, #matched { text-anchor: end; }
#reset { visibility: hidden; }
.frame { cursor: pointer; }
.frame text { pointer-events: none; }
.hatch + text { paint-order: stroke; stroke: #fff; stroke-opacity: 0.85; stroke-width: 3px; stroke-linejoin: round; }
.frame:hover rect { stroke: #1b1b1b; stroke-width: 0.8; }
.root { fill: #d9d6cf; }
.image.s0 { fill: #f6b65b; } .image.s1 { fill: #f3a54f; } .image.s2 { fill: #f7c46e; }
.image.s3 { fill: #ee9850; } .image.s4 { fill: #f5cf85; } .image.s5 { fill: #f0ab66; }
.module.s0 { fill: #7fc8a9; } .module.s1 { fill: #8fd0b3; } .module.s2 { fill: #76bf9f; }
.module.s3 { fill: #9bd8bd; } .module.s4 { fill: #88cbae; } .module.s5 { fill: #70b898; }
.outside { fill: #9db8d6; }
.nobody { fill: #cfcac0; }
.missing { fill: #e7a6a6; }
.hatch { fill: url(#lines); pointer-events: none; }
.found > rect:first-of-type { fill: #c86bd0; }
.below { opacity: 0.55; }
)css";

inline constexpr const char* svg_script = R"js((function () {
  'use strict';
  const letter = 6.6, left = 10, full = 1180;
  const one = (id) => document.getElementById(id);
  const boxes = Array.from(document.querySelectorAll('.frame')).map((group) => {
    const rects = Array.from(group.querySelectorAll('rect'));
    const text = group.querySelector('text');
    const title = group.querySelector('title').textContent;
    const name = title.slice(0, title.lastIndexOf(' ('));
    return { group, rects, text, title, name, x: +rects[0].getAttribute('x'), y: +rects[0].getAttribute('y'),
             w: +rects[0].getAttribute('width') };
  });
  const root = boxes[0];
  function place(box, x, w) {
    box.rects.forEach((rect) => { rect.setAttribute('x', x); rect.setAttribute('width', w); });
    const room = Math.floor((w - 6) / letter);
    box.text.setAttribute('x', x + 3);
    box.text.textContent = room < 3 ? '' : box.name.length <= room ? box.name : box.name.slice(0, room - 2) + '..';
  }
  function zoom(to) {
    const scale = full / to.w, slack = 0.02;
    boxes.forEach((box) => {
      const holds = box.y >= to.y && box.x <= to.x + slack && box.x + box.w >= to.x + to.w - slack;
      const inside = box.y <= to.y && box.x >= to.x - slack && box.x + box.w <= to.x + to.w + slack;
      box.group.style.display = holds || inside ? '' : 'none';
      box.group.classList.toggle('below', holds && box !== to);
      if (holds) place(box, left, full);
      else if (inside) place(box, left + (box.x - to.x) * scale, box.w * scale);
    });
    one('reset').style.visibility = to === root ? 'hidden' : 'visible';
  }
  function search(words) {
    let expression = null;
    try { expression = words ? new RegExp(words, 'i') : null; } catch (error) { return; }
    // A box inside of one that was found is counted with it.
    const found = boxes.filter((box) => box !== root && expression !== null && expression.test(box.name));
    boxes.forEach((box) => box.group.classList.toggle('found', found.includes(box)));
    const outer = [];
    found.sort((a, b) => b.y - a.y).forEach((box) => {
      if (!outer.some((o) => box.x >= o.x - 0.02 && box.x + box.w <= o.x + o.w + 0.02)) outer.push(box);
    });
    const share = outer.reduce((sum, box) => sum + box.w, 0) / root.w * 100;
    one('matched').textContent = expression === null ? ' ' : 'found: ' + share.toFixed(1) + ' %';
  }
  boxes.forEach((box) => {
    box.group.addEventListener('click', () => zoom(box));
    box.group.addEventListener('mouseover', () => { one('details').textContent = box.title; });
    box.group.addEventListener('mouseout', () => { one('details').textContent = ' '; });
  });
  one('reset').addEventListener('click', () => zoom(root));
  one('search').addEventListener('click', () => search(prompt('a regular expression for names') || ''));
  window.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') { zoom(root); search(''); }
  });
  if (location.hash.length > 1) search(decodeURIComponent(location.hash.slice(1)));
})();
)js";

}  // namespace surefoot::tools
