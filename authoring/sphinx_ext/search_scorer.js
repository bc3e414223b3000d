// What the search shows first: a term of the glossary by its exact name, then the chapter that explains it (EXPLAINED, from the
// glossary: name -> chapter), then other chapters. [docname, title, anchor, description, score, filename] is one result.
if (location.protocol === "file:") DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false;  // a folder can't be fetched from
var Scorer = {
  score: ([docname, , , , score]) => {
    const asked = (new URLSearchParams(location.search).get("q") ?? "").trim().toLowerCase();
    const worth = [
      [/^book\/0\d-/, 6], [/^book\/(summary|further-questions|paths)$/, -2], [/^exercises\//, -6], [/^solutions\//, -7],
      [/^book\/(data|plants|calibration|believable|references|formulas|source-claims)$/, -7],
    ];
    const found = worth.find(([pattern]) => pattern.test(docname));
    return score + (found ? found[1] : 0) + (EXPLAINED[asked] === docname ? 5 : 0);
  },
  objNameMatch: 18, objPartialMatch: 1, objPrio: { 0: 15, 1: 1, 2: -5 }, objPrioDefault: 0,
  title: 15, partialTitle: 7, term: 5, partialTerm: 2,
};
