/**
 * Time zones of the parts of countries that have several (IANA tz database 2026a; a part that two zones share gives both).
 * Parts by their ISO 3166-2 code without the country.
 */
type Parts = Readonly<Record<string, string>>;

const [EASTERN, CENTRAL, MOUNTAIN, PACIFIC] = [
  'America/New_York',
  'America/Chicago',
  'America/Denver',
  'America/Los_Angeles',
];

/** States and territories of the USA. 15 states lie in two zones, Arizona's Navajo Nation keeps summer time. */
const US: Parts = {
  ...each('CT DC DE GA MA MD ME NC NH NJ NY OH PA RI SC VA VT WV', EASTERN),
  ...each('AL AR IA IL LA MN MO MS OK WI', CENTRAL),
  ...each('CO MT NM UT WY', MOUNTAIN),
  ...each('CA WA', PACIFIC),
  FL: `${EASTERN} ${CENTRAL}`,
  IN: `America/Indiana/Indianapolis ${CENTRAL}`,
  KY: `${EASTERN} ${CENTRAL}`,
  MI: `America/Detroit ${CENTRAL}`,
  TN: `${EASTERN} ${CENTRAL}`,
  KS: `${CENTRAL} ${MOUNTAIN}`,
  ND: `${CENTRAL} ${MOUNTAIN}`,
  NE: `${CENTRAL} ${MOUNTAIN}`,
  SD: `${CENTRAL} ${MOUNTAIN}`,
  TX: `${CENTRAL} ${MOUNTAIN}`,
  ID: `America/Boise ${PACIFIC}`,
  OR: `${PACIFIC} America/Boise`,
  NV: `${PACIFIC} ${MOUNTAIN}`,
  AZ: `America/Phoenix ${MOUNTAIN}`,
  AK: 'America/Anchorage America/Adak',
  HI: 'Pacific/Honolulu',
  PR: 'America/Puerto_Rico',
  VI: 'America/St_Thomas',
  GU: 'Pacific/Guam',
  MP: 'Pacific/Saipan',
  AS: 'Pacific/Pago_Pago',
};

const CA: Parts = {
  NL: 'America/St_Johns America/Goose_Bay',
  NS: 'America/Halifax',
  PE: 'America/Halifax',
  NB: 'America/Moncton',
  QC: 'America/Toronto America/Blanc-Sablon America/Halifax',
  ON: 'America/Toronto America/Winnipeg America/Atikokan',
  MB: 'America/Winnipeg',
  SK: 'America/Regina America/Edmonton',
  AB: 'America/Edmonton',
  BC: 'America/Vancouver America/Edmonton America/Creston America/Fort_Nelson',
  YT: 'America/Whitehorse',
  NT: 'America/Edmonton',
  NU: 'America/Iqaluit America/Winnipeg America/Edmonton',
};

const AU: Parts = {
  ACT: 'Australia/Sydney',
  NSW: 'Australia/Sydney Australia/Broken_Hill Australia/Lord_Howe',
  VIC: 'Australia/Melbourne',
  TAS: 'Australia/Hobart',
  QLD: 'Australia/Brisbane',
  SA: 'Australia/Adelaide',
  NT: 'Australia/Darwin',
  WA: 'Australia/Perth Australia/Eucla',
};

/** Country → its parts → zones, apart by spaces. */
export const PARTS: Readonly<Record<string, Parts>> = { US, CA, AU };

/** First letters of a Canadian postal code (Canada Post) → provinces. */
export const CANADIAN_LETTERS: Readonly<Record<string, string>> = {
  A: 'NL',
  B: 'NS',
  C: 'PE',
  E: 'NB',
  G: 'QC',
  H: 'QC',
  J: 'QC',
  K: 'ON',
  L: 'ON',
  M: 'ON',
  N: 'ON',
  P: 'ON',
  R: 'MB',
  S: 'SK',
  T: 'AB',
  V: 'BC',
  X: 'NT NU',
  Y: 'YT',
};

/** The first three digits of a ZIP code (USPS, Labeling List L002), as ranges → states. */
export const ZIP_RANGES: readonly (readonly [from: number, to: number, state: string])[] = [
  [5, 5, 'NY'],
  [6, 7, 'PR'],
  [8, 8, 'VI'],
  [9, 9, 'PR'],
  [10, 27, 'MA'],
  [28, 29, 'RI'],
  [30, 38, 'NH'],
  [39, 49, 'ME'],
  [50, 59, 'VT'],
  [60, 69, 'CT'],
  [70, 89, 'NJ'],
  [100, 149, 'NY'],
  [150, 196, 'PA'],
  [197, 199, 'DE'],
  [200, 205, 'DC'],
  [206, 219, 'MD'],
  [220, 246, 'VA'],
  [247, 268, 'WV'],
  [270, 289, 'NC'],
  [290, 299, 'SC'],
  [300, 319, 'GA'],
  [320, 349, 'FL'],
  [350, 369, 'AL'],
  [370, 385, 'TN'],
  [386, 397, 'MS'],
  [398, 399, 'GA'],
  [400, 427, 'KY'],
  [430, 459, 'OH'],
  [460, 479, 'IN'],
  [480, 499, 'MI'],
  [500, 528, 'IA'],
  [530, 549, 'WI'],
  [550, 567, 'MN'],
  [570, 577, 'SD'],
  [580, 588, 'ND'],
  [590, 599, 'MT'],
  [600, 629, 'IL'],
  [630, 658, 'MO'],
  [660, 679, 'KS'],
  [680, 693, 'NE'],
  [700, 714, 'LA'],
  [716, 729, 'AR'],
  [730, 732, 'OK'],
  [733, 733, 'TX'],
  [734, 749, 'OK'],
  [750, 799, 'TX'],
  [800, 816, 'CO'],
  [820, 831, 'WY'],
  [832, 838, 'ID'],
  [840, 847, 'UT'],
  [850, 865, 'AZ'],
  [870, 884, 'NM'],
  [885, 885, 'TX'],
  [889, 898, 'NV'],
  [900, 961, 'CA'],
  [967, 968, 'HI'],
  [969, 969, 'GU'],
  [970, 979, 'OR'],
  [980, 994, 'WA'],
  [995, 999, 'AK'],
];

function each(codes: string, zones: string | undefined): Parts {
  return Object.fromEntries(codes.split(' ').map((code) => [code, zones ?? '']));
}
