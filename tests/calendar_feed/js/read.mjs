// Reads a calendar from standard input with the reader named and prints its components as JSON,
// each in the one form that the tests compare: { uid, kind, day, end, title, text, status, sequence }.
import process from "node:process";
import ICAL from "ical.js";
import nodeIcal from "node-ical";

const day = (value) => {
  const two = (number) => String(number).padStart(2, "0");
  if (value === undefined || value === null) return null;
  if (value instanceof Date) {
    // node-ical gives days as local midnights.
    if (!value.dateOnly) throw new Error(`not a day: ${value}`);
    return `${value.getFullYear()}-${two(value.getMonth() + 1)}-${two(value.getDate())}`;
  }
  if (!value.isDate) throw new Error(`not a day: ${value}`);
  return `${value.year}-${two(value.month)}-${two(value.day)}`;
};

const readers = {
  "ical.js": (text) => {
    const calendar = new ICAL.Component(ICAL.parse(text));
    return calendar.getAllSubcomponents().map((part) => ({
      uid: part.getFirstPropertyValue("uid"),
      kind: part.name.toUpperCase(),
      day: day(part.getFirstPropertyValue("dtstart") ?? part.getFirstPropertyValue("due")),
      end: day(part.getFirstPropertyValue("dtend")),
      title: part.getFirstPropertyValue("summary"),
      text: part.getFirstPropertyValue("description"),
      status: part.getFirstPropertyValue("status"),
      sequence: part.getFirstPropertyValue("sequence"),
      alarms: part.getAllSubcomponents("valarm").length,
    }));
  },
  "node-ical": (text) =>
    Object.values(nodeIcal.sync.parseICS(text))
      .filter((part) => part.type === "VEVENT" || part.type === "VTODO")
      .map((part) => ({
        uid: part.uid,
        kind: part.type,
        day: day(part.start ?? part.due),
        end: part.type === "VEVENT" ? day(part.end) : null,
        title: part.summary,
        text: part.description,
        status: part.status,
        sequence: Number(part.sequence),
        alarms: part.alarms?.length ?? 0,
      })),
};

const chunks = [];
for await (const chunk of process.stdin) chunks.push(chunk);
console.log(JSON.stringify(readers[process.argv[2]](Buffer.concat(chunks).toString("utf-8"))));
