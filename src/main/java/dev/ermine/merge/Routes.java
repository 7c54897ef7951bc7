package dev.ermine.merge;

import dev.ermine.fhir.Provenance;
import dev.ermine.fhir.Provenance.Agent;
import dev.ermine.fhir.Provenance.Part;
import dev.ermine.merge.origin.Origin;
import dev.ermine.merge.origin.Origins;
import dev.ermine.region.Organisation;
import dev.ermine.region.Region;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/** How one region's entries came: of its own record, or by it from where they originate. */
final class Routes {

  private static final String UNKNOWN = "origin not known to this gateway";

  private final Region relay;

  /** The entries of each origin, in the order in which the first of them stands. */
  private final Map<String, Route> routes = new LinkedHashMap<>();

  private record Route(Origin origin, List<Placed> entries) {}

  Routes(Region relay, Origins origins, List<Placed> entries) {
    this.relay = relay;
    for (Placed placed : entries) {
      Origin origin = origins.of(placed.entry());
      routes
          .computeIfAbsent(name(origin), _ -> new Route(origin, new ArrayList<>()))
          .entries()
          .add(placed);
    }
  }

  /** No region's id has a capital, a code has no small letter. */
  private static String name(Origin origin) {
    return switch (origin) {
      case Origin.Own _ -> "";
      case Origin.Elsewhere(Region region) -> "/" + region.id();
      case Origin.Unknown(Optional<String> code, _) -> "/unknown/" + code.orElse("");
    };
  }

  /** Of the entries, those that are not the region's own, in words that follow their number. */
  String words() {
    List<Route> elsewhere =
        routes.values().stream().filter(it -> !(it.origin instanceof Origin.Own)).toList();
    int entries = elsewhere.stream().mapToInt(route -> route.entries.size()).sum();
    if (entries == 0) {
      return "";
    }
    TreeSet<String> names = new TreeSet<>();
    elsewhere.forEach(route -> names.add(shown(route.origin)));
    boolean unknown = names.remove(UNKNOWN);
    List<String> said = new ArrayList<>(names);
    if (unknown) {
      said.add(UNKNOWN);
    }
    return "; %d of them originate%s elsewhere: %s"
        .formatted(entries, entries == 1 ? "s" : "", String.join(", ", said));
  }

  private static String shown(Origin origin) {
    return origin instanceof Origin.Elsewhere(Region region) ? region.name() : UNKNOWN;
  }

  /**
   * A Provenance for each origin: who controls the record, and where that is another, by whom it
   * came.
   *
   * @param id makes an id of a name
   */
  List<Provenance> provenances(Instant at, UnaryOperator<String> id) {
    return routes.entrySet().stream()
        .map(
            route ->
                new Provenance(
                    Optional.of(id.apply("provenance/" + relay.id() + route.getKey())),
                    route.getValue().entries().stream().map(Placed::fullUrl).toList(),
                    at,
                    agents(route.getValue().origin())))
        .toList();
  }

  private List<Agent> agents(Origin origin) {
    return switch (origin) {
      case Origin.Own _ -> List.of(agent(Part.CUSTODIAN, relay));
      case Origin.Elsewhere(Region region) ->
          List.of(agent(Part.CUSTODIAN, region), agent(Part.TRANSMITTER, relay));
      case Origin.Unknown(Optional<String> code, _) ->
          List.of(
              new Agent(
                  Part.CUSTODIAN,
                  code.map(ods -> new Agent.Known(Organisation.SYSTEM, ods)),
                  UNKNOWN + code.map(ods -> " (" + ods + ")").orElse("")),
              agent(Part.TRANSMITTER, relay));
    };
  }

  private static Agent agent(Part part, Region region) {
    return new Agent(
        part,
        Optional.of(new Agent.Known(Organisation.SYSTEM, region.organisation().ods())),
        region.name());
  }
}
