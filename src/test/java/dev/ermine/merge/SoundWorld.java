package dev.ermine.merge;

import dev.ermine.merge.summary.SummaryQuery;
import java.util.List;
import java.util.Random;

/** A world of two regions in which every resource is valid, and every section has something. */
final class SoundWorld {

  private SoundWorld() {}

  static List<Contribution> contributions() {
    Deal deal = new Deal(List.of("london", "wessex"), Written.patient(), new Random(7));
    deal.place("london", Written.allergy("a1", Written.PENICILLIN, "active", "confirmed"));
    deal.place("wessex", Written.allergy("a2", Written.NO_KNOWN_ALLERGY, "active", "confirmed"));
    deal.place("london", medicine("m1", "500", "active"));
    deal.place("wessex", medicine("m2", "1000", "stopped"));
    deal.place("london", Written.condition("c1", "84757009", "active", "2019-01"));
    deal.place("wessex", Written.condition("c2", "84757009", "active", "2019-01"));
    deal.place("wessex", Written.condition("c3", "38341003", "inactive", "2001"));
    deal.place("wessex", Written.immunization("i1", "46233009", "L1", "2025-10-01"));
    deal.place("london", observed("o1", "laboratory", "1000661000000107"));
    deal.place("london", observed("o2", "vital-signs", "364075005"));
    deal.place("wessex", observed("o3", "social-history", "77176002"));
    deal.place("wessex", observed("o4", "survey", "1003141000000105"));
    return deal.contributions(SummaryQuery.TYPES);
  }

  private static com.fasterxml.jackson.databind.node.ObjectNode medicine(
      String id, String dose, String status) {
    return Written.medicine(
        id, "http://snomed.info/sct", "387000003", status, dose, "mg", "2026-09-15");
  }

  private static com.fasterxml.jackson.databind.node.ObjectNode observed(
      String id, String category, String code) {
    var observation = Written.observation(id, code, "6.5", "mmol/L", "2026-09-15T16:05:00Z");
    observation
        .putArray("category")
        .addObject()
        .putArray("coding")
        .addObject()
        .put("system", "http://terminology.hl7.org/CodeSystem/observation-category")
        .put("code", category);
    return observation;
  }
}
