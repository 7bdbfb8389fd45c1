// zpl-render.mjs ROLL.zpl FOLDER WIDTH_MM HEIGHT_MM DOTS_PER_MM: the labels of a ZPL stream as
// FOLDER/0001.png and on, drawn by a renderer that is not ours.
import { createRequire } from "node:module";
import fs from "node:fs";
const require = createRequire(import.meta.url);
const { ready } = require("zpl-renderer-js");
const [roll, folder, width, height, dots] = process.argv.slice(2);
const { api } = await ready;
const labels = await api.zplToBase64MultipleAsync(fs.readFileSync(roll, "latin1"), Number(width), Number(height), Number(dots));
fs.mkdirSync(folder, { recursive: true });
labels.forEach((png, i) => fs.writeFileSync(`${folder}/${String(i + 1).padStart(4, "0")}.png`, Buffer.from(png, "base64")));
process.exit(0);
