/** English words that tell nothing about a text; question words among them, since most queries are questions. */
export const STOP_WORDS: ReadonlySet<string> = new Set(
  (
    'a about above after again all also am an and any are aren as at be because been before being below between both but by ' +
    'can could couldn d did didn do does doesn doing don down during each ever few for from further get got had hadn has hasn have ' +
    'haven having he her here hers herself him himself his how i if in into is isn it its itself just ll m may me might more most ' +
    'mustn my myself no nor not now of off on once only or other our ours ourselves out over own re s same shall shan she should ' +
    'shouldn so some such t than that the their theirs them themselves then there these they this those through to too under until ' +
    'up us ve very was wasn we were weren what when where which while who whom whose why will with won would wouldn you your yours ' +
    'yourself yourselves'
  ).split(' '),
);
