// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_SERVICE_SERVER_PAGE_STYLE_HPP
#define REINSTATE_SERVICE_SERVER_PAGE_STYLE_HPP

#include <string_view>

namespace reinstate::service {

// Lengths are relative to the reader's font size, so that the page grows with it. Each color on its ground has a
// contrast of 7 to 1 or more, in both schemes. On a narrow screen each row of the table becomes a card.
inline constexpr std::string_view page_style = R"css(
:root { color-scheme: light dark; --ground: #f5f6f8; --card: #ffffff; --text: #1b1f27; --quiet: #454c5a;
  --line: #c4c9d4; --strong: #0b4a8f; --on-strong: #ffffff; --notice: #e4eefb; --warning: #fdf1d6; }
@media (prefers-color-scheme: dark) {
  :root { --ground: #14171c; --card: #1d2128; --text: #eceef2; --quiet: #bcc3cf; --line: #444c5a; --strong: #a9cdfb;
    --on-strong: #10161f; --notice: #1b2f4a; --warning: #3a2f14; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--text);
  font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
header, main, footer { max-width: 58rem; margin: 0 auto; padding: 0 1.25rem; }
header { padding-top: 1.5rem; color: var(--quiet); font-weight: 600; }
main { padding-bottom: 1.5rem; }
footer { padding-bottom: 2rem; color: var(--quiet); font-size: .9rem; }
h1 { font-size: 1.9rem; line-height: 1.2; margin: .4rem 0 1rem; overflow-wrap: anywhere; }
h2 { font-size: 1.2rem; margin: 2rem 0 .5rem; }
p, li { max-width: 42rem; text-wrap: pretty; }
a { color: var(--strong); text-underline-offset: .15em; }
a:focus-visible, button:focus-visible { outline: .2rem solid var(--strong); outline-offset: .2rem; border-radius: .3rem; }
.notice { padding: .75rem 1rem; border-left: .3rem solid var(--strong); border-radius: .3rem; background: var(--notice); }
.warning { border-color: #c98a00; background: var(--warning); }
.card { background: var(--card); border: 1px solid var(--line); border-radius: .6rem; padding: 1rem 1.25rem; }
.card > p:first-child { margin-top: 0; }
table { width: 100%; border-collapse: separate; border-spacing: 0; background: var(--card);
  border: 1px solid var(--line); border-radius: .6rem; }
th, td { padding: .8rem 1rem; text-align: left; vertical-align: top; border-top: 1px solid var(--line); }
thead th { border-top: 0; color: var(--quiet); font-size: .9rem; font-weight: 600; white-space: nowrap; }
tbody th { font-weight: 600; overflow-wrap: anywhere; min-width: 12rem; }
.id { display: block; color: var(--quiet); font-size: .85rem; font-weight: 400; }
td[data-label] time { white-space: nowrap; }
form { margin: 0; }
button { font: inherit; font-weight: 600; padding: .5rem 1.1rem; border-radius: .4rem; cursor: pointer;
  color: var(--strong); background: transparent; border: .125rem solid var(--strong); }
button:hover, button.main { color: var(--on-strong); background: var(--strong); }
.choices { display: flex; flex-wrap: wrap; gap: 1rem 1.5rem; align-items: center; margin-top: 1.25rem; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
@media (max-width: 44rem) {
  table, tbody, tr, th, td { display: block; }
  table { background: transparent; border: 0; }
  thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  tbody tr { background: var(--card); border: 1px solid var(--line); border-radius: .6rem; padding: .9rem 1rem;
    margin-bottom: 1rem; }
  tbody th { font-size: 1.1rem; min-width: 0; }
  tbody th, tbody td { border: 0; padding: .15rem 0; text-align: left; }
  tbody td[data-label]::before { content: attr(data-label) ": "; color: var(--quiet); }
  tbody td:last-child { padding-top: .7rem; }
}
@media (forced-colors: active) { button { border-color: ButtonText; } }
)css";

}  // namespace reinstate::service

#endif
