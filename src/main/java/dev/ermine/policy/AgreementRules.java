package dev.ermine.policy;

import dev.ermine.fhir.Coding;
import dev.ermine.policy.Decision.Deny;
import dev.ermine.policy.Decision.Permit;
import dev.ermine.region.Agreement;
import dev.ermine.region.Region;
import dev.ermine.region.RegionId;
import dev.ermine.region.Regions;
import dev.ermine.trust.Requester;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The data sharing agreements of one version of {@code regions.yaml}, as rules: an agreement that
 * meets every term permits, and nothing else does.
 *
 * <p>The terms, in the order in which the first unmet one is named: {@code #purpose}, {@code
 * #role}, {@code #relationship}, {@code #expired}, {@code #not-yet}, {@code #type}. Purposes are
 * compared exactly, without the hierarchy of their code system: who may ask for {@code TREAT} may
 * not for that reason break the glass.
 *
 * @see <a href="https://terminology.hl7.org/CodeSystem-v3-ActReason.html">v3 ActReason</a>
 */
public final class AgreementRules {

  /** The code system of the roles that agreements name. */
  public static final String ROLES = "https://fhir.hl7.org.uk/CodeSystem/UKCore-SDSJobRoleName";

  private static final Deny DEFAULT_DENY = new Deny(List.of("default-deny"));

  /** Agreements begin and end with the day where they were signed. */
  private static final ZoneId LONDON = ZoneId.of("Europe/London");

  private final Map<Pair, List<Agreement>> agreements;

  public AgreementRules(Regions regions) {
    agreements = new HashMap<>();
    for (Agreement agreement : regions.agreements()) {
      for (RegionId asking : agreement.to()) {
        agreements
            .computeIfAbsent(new Pair(agreement.releases(), asking), pair -> new ArrayList<>())
            .add(agreement);
      }
    }
  }

  /** May it be shared at this moment? */
  public Decision decide(Question question, Instant at) {
    Region releasing = question.releasing();
    return decide(releasing, standings(question.requester(), releasing, at), question.type());
  }

  /** Which of these types may be shared at this moment? */
  public RegionDecision decide(
      Requester requester, Region releasing, List<String> types, Instant at) {
    List<Standing> standings = standings(requester, releasing, at);
    Map<String, Decision> decisions = LinkedHashMap.newLinkedHashMap(types.size());
    for (String type : types) {
      decisions.put(type, decide(releasing, standings, type));
    }
    return new RegionDecision(releasing, decisions);
  }

  private List<Standing> standings(Requester requester, Region releasing, Instant at) {
    LocalDate day = at.atZone(LONDON).toLocalDate();
    List<Standing> standings = new ArrayList<>();
    for (Agreement agreement :
        agreements.getOrDefault(new Pair(releasing.id(), requester.region()), List.of())) {
      standings.add(new Standing(agreement, unmet(agreement, requester, day)));
    }
    return standings;
  }

  /** The first term that this requester does not meet on this day, whatever type is asked for. */
  private static Optional<String> unmet(Agreement agreement, Requester requester, LocalDate day) {
    if (!agreement.purposes().containsAll(requester.purposes())) {
      return Optional.of("#purpose");
    }
    if (requester.roles().stream().noneMatch(role -> admits(agreement, role))) {
      return Optional.of("#role");
    }
    if (agreement.relationship() == Agreement.Relationship.REQUIRED && !related(requester)) {
      return Optional.of("#relationship");
    }
    if (day.isAfter(agreement.until())) {
      return Optional.of("#expired");
    }
    return day.isBefore(agreement.from()) ? Optional.of("#not-yet") : Optional.empty();
  }

  private static boolean admits(Agreement agreement, Coding role) {
    return role.system().equals(ROLES) && agreement.roles().contains(role.code());
  }

  private static boolean related(Requester requester) {
    return requester.relationship().filter(stated -> !stated.basis().isBlank()).isPresent();
  }

  private static Decision decide(Region releasing, List<Standing> standings, String type) {
    if (standings.isEmpty()) {
      return DEFAULT_DENY;
    }
    List<String> permits = new ArrayList<>(standings.size());
    List<String> denies = new ArrayList<>(standings.size());
    for (Standing standing : standings) {
      Optional<String> unmet = standing.unmet(type);
      (unmet.isEmpty() ? permits : denies).add(standing.agreement.id() + unmet.orElse(""));
    }
    if (permits.isEmpty()) {
      return new Deny(denies);
    }
    return lacks(releasing, type)
        .<Decision>map(lack -> new Deny(List.of(releasing.id() + lack)))
        .orElseGet(() -> new Permit(permits));
  }

  /** What the region itself is short of, however willing the agreement. */
  private static Optional<String> lacks(Region releasing, String type) {
    if (releasing.answers().isEmpty()) {
      return Optional.of("#answers");
    }
    return releasing.answers().get().types().contains(type)
        ? Optional.empty()
        : Optional.of("#type");
  }

  /** Who releases, and who asks. */
  private record Pair(RegionId releasing, RegionId asking) {}

  /**
   * How an agreement stands to one requester on one day.
   *
   * @param unmet the first unmet term of those that hold for every type
   */
  private record Standing(Agreement agreement, Optional<String> unmet) {

    Optional<String> unmet(String type) {
      return unmet.isPresent() || agreement.types().contains(type) ? unmet : Optional.of("#type");
    }
  }
}
