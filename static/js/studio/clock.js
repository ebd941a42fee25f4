// Moments as people read them: in British time, whatever the device says.

const read = (how) => {
  const format = new Intl.DateTimeFormat("en-GB", { timeZone: "Europe/London", ...how });
  return (at) => format.format(Date.parse(at));
};

export const day = read({ weekday: "short", day: "numeric", month: "short" });
export const time = read({ hour: "2-digit", minute: "2-digit" });
export const second = read({ timeStyle: "medium" });
