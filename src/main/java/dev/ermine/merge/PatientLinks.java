package dev.ermine.merge;

import dev.ermine.merge.fact.Alternates;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The links between the Patients of all regions: once accepted, they are one person. */
final class PatientLinks {

  /** How many Patients of one region take part: each is linked to each. */
  static final int MOST = 4;

  private PatientLinks() {}

  /** Each Patient disclosed is an alternate of every other. */
  static Alternates among(List<Merged.Share> shares) {
    List<String> patients = shares.stream().flatMap(share -> patients(share).stream()).toList();
    Map<String, List<String>> links = new LinkedHashMap<>();
    if (patients.size() > 1) {
      for (String patient : patients) {
        links.put(patient, patients.stream().filter(other -> !other.equals(patient)).toList());
      }
    }
    return new Alternates(links);
  }

  private static List<String> patients(Merged.Share share) {
    return share.entries().stream()
        .filter(placed -> placed.entry().type().equals("Patient"))
        .map(Placed::fullUrl)
        .limit(MOST)
        .toList();
  }
}
