package dev.ermine.merge.origin;

import dev.ermine.region.Region;
import dev.ermine.region.Regions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Which regions control the records of which organisations, systems and FHIR bases. */
public final class Controllers {

  private final Map<String, List<Region>> organisations = new HashMap<>();
  private final Map<String, List<Region>> sources = new HashMap<>();
  private final List<Region> answering;

  /** As that version of {@code regions.yaml} says. */
  public Controllers(Regions regions) {
    answering = regions.regions().stream().filter(it -> it.answers().isPresent()).toList();
    for (Region region : regions.regions()) {
      put(organisations, region.organisation().ods(), region);
      region.control().organisations().forEach(code -> put(organisations, code, region));
      region.control().sources().forEach(id -> put(sources, id, region));
    }
  }

  private static void put(Map<String, List<Region>> regions, String name, Region region) {
    regions.computeIfAbsent(name, _ -> new ArrayList<>()).add(region);
  }

  /** Those of the organisation of that ODS code: two records may be one organisation's. */
  List<Region> ofOrganisation(String code) {
    return organisations.getOrDefault(code, List.of());
  }

  /** Those of the system of that id. */
  List<Region> ofSource(String id) {
    return sources.getOrDefault(id, List.of());
  }

  /** Those under whose base that address lies. */
  List<Region> at(String url) {
    return url.startsWith("https://")
        ? answering.stream().filter(region -> isUnder(base(region), url)).toList()
        : List.of();
  }

  /** On a path boundary. */
  static boolean isUnder(String base, String url) {
    return url.startsWith(base)
        && (url.length() == base.length() || "/?#".indexOf(url.charAt(base.length())) >= 0);
  }

  static String base(Region answering) {
    return answering.answers().orElseThrow().base().toString();
  }
}
