// Makes `recorded_segments.json`: what Twilio's own calculator says of a corpus of texts.
//
// To make it again, in an empty folder outside this project:
//   npm install sms-segments-calculator@1.3.0
//   NODE_PATH=node_modules node <project>/tests/forms/sms/record_segments.cjs > <project>/tests/forms/sms/recorded_segments.json
//
// The corpus comes from a fixed seed: the same version of the calculator gives the same file.
const {SegmentedMessage} = require("sms-segments-calculator");
const {version} = require("sms-segments-calculator/package.json");

let state = 20260301;
function random(below) {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return Math.floor((state / 2 ** 32) * below);
}
const split = (text) => Array.from(text);

const PLAIN = split("Are the shared goals of the partnership clear to you? 1=Not at all 5=Fully");
const ALPHABETS = {
  plain: PLAIN,
  gsm: split("@£$¥èéùìòÇ\nØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡AZÄÖÑܧ¿azäöñüà"),
  extended: [...PLAIN, ...split("^{}\\[~]|€\f")],
  only_extended: split("^{}\\[~]|€"),
  french: split("Les buts communs du partenariat sont-ils clairs ? Reçu, fenêtre, œuvre, « oui » – l’été"),
  spanish: split("¿Están claros los objetivos comunes? Sí, bastante; no, ningún número: ñandú"),
  swahili: split("Je, malengo ya pamoja ya ushirikiano yako wazi kwako? 1=Hapana kabisa"),
  arabic: split("هل الأهداف المشتركة واضحة لك؟ ١=لا على الإطلاق ٥=تماما\u064e\u0651"),
  hindi: split("क्या साझेदारी के लक्ष्य आपके लिए स्पष्ट हैं?"),
  thai: split("เป้าหมายร่วมกันชัดเจนสำหรับคุณหรือไม่ น้ำ"),
  chinese: split("合作伙伴关系的共同目标对您来说清楚吗？"),
  hangul: [...split("목표가분명합니까 "), "\u1112\u1161\u11ab", "\u1100\u1161"],
  decomposed: ["e\u0301", "c\u0327", "a\u0300\u0323", "n\u0303", "o", " ", "s", "\u0301"],
  emoji: [...split("😀🙂👍🎉❤☀"), "❤️", "1️⃣", "a", " "],
  tones: ["👍🏽", "🙏🏿", "✋🏻", "👩🏾", "a🏽", "👍", " ", "z"],
  joined: ["👩‍💻", "👨‍👩‍👧", "👩‍❤️‍💋‍👨", "🏳️‍🌈", "👩🏽‍🚀", "👨🏿‍⚕️", "x", "\u200d", "a\u200db"],
  flags: ["🇰🇪", "🇫🇷", "🇺🇸", "🇰", "a", "🇦🇧🇨"],
  breaks: ["\r\n", "\n", "\r", "a", "é", " ", "b"],
  breaks_wide: ["\r\n", "\n", "\r", "ş", "\u00a0", "\u202f", "\t"],
  marks: ["\u200b", "\u200e", "\u200f", "\u2028", "\ufeff", "ل", "a", "\u00ad", "\u0301"],
};
// around every place where a segment ends, alone (70, 160) and joined (67, 153), and short texts
const LENGTHS = [
  1, 2, 12, 33, 34, 35, 60, 66, 67, 68, 69, 70, 71, 80, 100, 133, 134, 135, 140, 152, 153, 154, 159, 160, 161, 170,
  200, 201, 202, 268, 305, 306, 307, 320,
];

const texts = [];
for (const alphabet of Object.values(ALPHABETS)) {
  for (const length of LENGTHS) {
    let text = "";
    while (text.length < length) text += alphabet[random(alphabet.length)];
    texts.push(text);
  }
}
// one character that forces UCS-2 (or takes two units) at every third place of a text that would just fit
for (const odd of ["’", "€", "ş", "😀", "👩‍💻", "🇰🇪", "e\u0301"]) {
  for (const length of [69, 70, 159, 160]) {
    for (let place = 0; place <= length; place += 23) texts.push("a".repeat(place) + odd + "b".repeat(length - place));
  }
}

const recorded = [...new Set(texts)].map((text) => {
  const message = new SegmentedMessage(text);
  const units = message.encodedChars.reduce((sum, one) => sum + one.codeUnits.length, 0);
  return [text, message.encodingName, units, message.segmentsCount];
});
const lines = recorded.map((row) => JSON.stringify(row).replace(/[\u007f-\uffff]/g, (c) => "\\u" + c.charCodeAt(0).toString(16).padStart(4, "0")));
console.log(`{"made_by": "record_segments.cjs", "calculator": "sms-segments-calculator ${version}",\n"columns": ["text", "encoding", "units", "segments"],\n"texts": [\n${lines.join(",\n")}\n]}`);
