// SPDX-License-Identifier: BSL-1.0
// Looks at the machines page in Chromium, and releases a machine there: page.mjs CHROMIUM PICTURES
//
// The first line of standard input is the link with its ticket, the second one with an expired ticket: command lines are
// for everybody to see. Ends with 1, and the reason, where something is not as it should be.
import { createInterface } from "node:readline";
import puppeteer from "puppeteer-core";

const [chromium, pictures] = process.argv.slice(2);
const lines = [];
for await (const line of createInterface({ input: process.stdin })) lines.push(line);
const [link, expired] = lines;

function expect(holds, what) {
  if (!holds) throw new Error(what);
}

const browser = await puppeteer.launch({
  executablePath: chromium,
  acceptInsecureCerts: true, // the certificate is checked by the tests of the server
  args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run"],
});
try {
  const page = await browser.newPage();
  const complaints = [];
  page.on("console", (message) => complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(error.message));
  const requests = [];
  page.on("request", (request) => requests.push(request.url()));

  const picture = async (name, width, scheme, scale = 1) => {
    await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
    await page.setViewport({ width: Math.round(width / scale), height: 800, deviceScaleFactor: scale });
    const wide = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
    expect(!wide, `${name}: the page is wider than the window`);
    await page.screenshot({ path: `${pictures}/${name}.png`, fullPage: true });
  };
  const pictures_of = async (name) => {
    await picture(`${name}-light`, 1000, "light");
    await picture(`${name}-dark`, 1000, "dark");
    await picture(`${name}-phone-light`, 360, "light");
    await picture(`${name}-phone-dark`, 360, "dark");
    await picture(`${name}-twice`, 1000, "light", 2);
    await page.setViewport({ width: 1000, height: 800 });
  };
  const text = () => page.evaluate(() => document.body.innerText);
  const press = (button) => Promise.all([page.waitForNavigation(), button.click()]);
  // What a reader of the screen is told, by role and name.
  const named = async (role, name) => {
    const found = await page.$(`::-p-aria([name="${name}"][role="${role}"])`);
    expect(found, `there is no ${role} called '${name}'`);
    return found;
  };

  const answer = await page.goto(link);
  expect(answer.status() === 200, `the page is answered with ${answer.status()}`);
  expect((await page.$$("tbody tr")).length === 3, "not three machines are listed");
  expect((await text()).includes('<img src=x onerror="alert(1)"> & Бюро'), "a name is not shown as it is");
  expect((await page.$("img")) === null, "a name has become markup");
  const style = await page.evaluate(() => getComputedStyle(document.querySelector("button")).cursor);
  expect(style === "pointer", "the style is not applied");
  await named("heading", "Your machines");
  await named("columnheader", "Last restore");
  await pictures_of("machines");

  await press(await page.$("tbody tr:nth-child(2) button"));
  expect((await text()).includes("Release Laptop?"), "there is no question before the release");
  await pictures_of("question");
  await page.keyboard.press("Tab");
  await picture("question-focus", 1000, "light");
  await press(await named("button", "Release this machine"));
  expect(page.url().endsWith("&done=released"), `the release leads to ${page.url().replace(/ticket=[^&]*/, "")}`);
  expect((await text()).includes("The machine was released."), "the release is not confirmed");
  expect((await page.$$("tbody tr")).length === 2, "the machine is still listed");
  expect((await text()).includes("Can be released from"), "the page does not say when the next release is possible");
  expect((await page.$("button")) === null, "a button is shown that does nothing");
  await pictures_of("released");

  const refused = await page.goto(expired);
  expect(refused.status() === 403, `an expired ticket is answered with ${refused.status()}`);
  expect((await text()).includes("Start the restore again"), "it is not said what to do");
  await pictures_of("expired");
  await page.goto(new URL("/", link).href);
  await pictures_of("index");

  const origin = new URL(link).origin;
  expect(requests.every((url) => url.startsWith(origin)), `something was fetched from elsewhere: ${requests}`);
  const wrong = complaints.filter((line) => !line.includes("favicon") && !line.includes("403"));
  expect(wrong.length === 0, `the browser complains: ${wrong}`);
  console.log("The page lists, asks, releases, and explains.");
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
} finally {
  await browser.close();
}
