import { describe, expect, test } from "vitest";

import { homeFolder, parseAddress, parseInstalled } from "../../src/protocol/discovery";

describe("daemon.json", () => {
  test("says where the daemon is", () => {
    const text = '{"port": 4711, "token": "a-b_c", "pid": 1, "version": "0.1.0", "protocol": 1}';
    expect(parseAddress(text)).toEqual({ port: 4711, token: "a-b_c", version: "0.1.0", protocol: 1 });
  });

  test.each([
    "",
    "[]",
    '{"port": "4711", "token": "a", "version": "1", "protocol": 1}',
    '{"port": 70000, "token": "a", "version": "1", "protocol": 1}',
    '{"port": 1.5, "token": "a", "version": "1", "protocol": 1}',
    '{"port": 4711, "token": "a, b", "version": "1", "protocol": 1}',
    '{"port": 4711, "token": "", "version": "1", "protocol": 1}',
    '{"port": 4711, "token": "a"}',
  ])("%j says nothing", (text) => {
    expect(parseAddress(text)).toBeNull();
  });
});

describe("install.json", () => {
  test("names the command", () => {
    expect(parseInstalled('{"command": "/opt/x/commonplace", "version": "0.1.0"}')).toBe("/opt/x/commonplace");
    expect(parseInstalled('{"command": "C:\\\\x\\\\commonplace.exe"}')).toBe("C:\\x\\commonplace.exe");
  });

  test.each(['{"command": "commonplace"}', '{"command": []}', '{"command": ["/a"]}', "{}", "x"])("%s names none", (text) => {
    expect(parseInstalled(text)).toBeNull();
  });
});

test("the home folder is the one that is set, else the environment's, else the usual one", () => {
  expect(homeFolder("~/x", { COMMONPLACE_HOME: "/y" }, "/home/robin")).toBe("/home/robin/x");
  expect(homeFolder("", { COMMONPLACE_HOME: "/y" }, "/home/robin")).toBe("/y");
  expect(homeFolder("", {}, "/home/robin")).toBe("/home/robin/.commonplace");
});
