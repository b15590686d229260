/** What only the app itself can prove: the marks in its file explorer, and an edit in the editor of an open note. */

import { $, browser, expect } from "@wdio/globals";
import { obsidianPage } from "wdio-obsidian-service";

const TOLD = 'My job title is "AI Researcher", can you add that please';

async function ask(question: string): Promise<void> {
  const message = $(".commonplace-chat").$("aria/Message");
  await message.waitForDisplayed();
  await message.setValue(question);
  await browser.keys("Enter");
  await $(`.commonplace-turn[aria-label*="${question.slice(0, 12)}"]`).$("aria/Ask again").waitForExist();
}

describe("the sidebar in Obsidian", () => {
  beforeEach(async () => {
    await obsidianPage.resetVault();
    await browser.executeObsidianCommand("commonplace:open-chat");
    const offered = $("button=Use this vault");
    await browser.waitUntil(async () => (await offered.isExisting()) || (await $(".commonplace-empty p").isExisting()));
    if (await offered.isExisting()) await offered.click();
  });

  it("marks the notes that were read and written in the file explorer, and takes the marks away", async () => {
    await ask(TOLD);
    const written = $('.nav-file-title[data-path="user.md"]');
    await expect(written).toHaveElementClass("commonplace-is-written");
    await expect(written.$(".commonplace-explorer-mark")).toHaveAttribute("aria-label", "Written by the agent");
    await obsidianPage.disablePlugin("commonplace");
    await expect($(".commonplace-explorer-mark")).not.toExist();
    await obsidianPage.enablePlugin("commonplace");
  });

  it("edits an open note in its editor, and what was typed and not saved survives", async () => {
    await obsidianPage.openFile("user.md");
    await browser.executeObsidian(({ app, obsidian }) => {
      const view = app.workspace.getActiveViewOfType(obsidian.MarkdownView);
      view?.editor.replaceRange("- hobby: typing\n", { line: 1, ch: 0 });
    });
    await browser.executeObsidianCommand("commonplace:open-chat");
    await ask(TOLD);
    const text = await browser.executeObsidian(({ app, obsidian }) => {
      const [leaf] = app.workspace.getLeavesOfType("markdown");
      return leaf?.view instanceof obsidian.MarkdownView ? leaf.view.editor.getValue() : "";
    });
    expect(text).toContain("- hobby: typing");
    expect(text).toContain("- job_title: AI Researcher");
  });
});
