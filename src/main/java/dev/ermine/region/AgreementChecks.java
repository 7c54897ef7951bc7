package dev.ermine.region;

import dev.ermine.fhir.Confidentiality;
import dev.ermine.fhir.PurposeOfUse;
import dev.ermine.fhir.Sensitivity;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** What a schema cannot say of agreements and denials: that they hold together with the regions. */
final class AgreementChecks {

  private static final String BREAK_GLASS = PurposeOfUse.BREAK_THE_GLASS.code();

  private static final List<String> DENIAL_TERMS =
      List.of("releases", "to", "organisations", "purposes", "roles", "types");

  private static final Set<String> DOCUMENTS = Set.of("Binary", "DocumentReference");

  private final Faults faults;
  private final Map<String, Integer> lines = new HashMap<>();

  AgreementChecks(Faults faults) {
    this.faults = faults;
  }

  void check(Place root) {
    Place regions = root.member("regions");
    for (Place agreement : root.member("agreements").items()) {
      checkId(agreement.member("id"));
      checkReleasing(agreement, regions);
      checkAsking(agreement, regions);
      checkPurposes(agreement.member("purposes"));
      checkBases(agreement);
      checkBreakGlass(agreement);
      checkCeiling(agreement.member("ceiling"));
      checkReleaseReady(agreement);
      checkValidity(agreement.member("valid"));
    }
    for (Place denial : root.member("denials").items()) {
      checkId(denial.member("id"));
      checkSaysWhat(denial);
      Stream.of("releases", "to")
          .flatMap(term -> denial.member(term).items().stream())
          .filter(this::sound)
          .forEach(id -> known(id, regions));
      checkPurposes(denial.member("purposes"));
      checkValidity(denial.member("valid"));
    }
  }

  private void checkId(Place id) {
    Integer first = lines.putIfAbsent(id.text(), faults.line(id.at()));
    if (first != null && sound(id)) {
      faults.add(id, "is the id of what stands in line " + first + " too; give each its own");
    }
  }

  private void checkReleasing(Place agreement, Place regions) {
    Place releases = agreement.member("releases");
    Place answers = regions.member(releases.text()).member("answers");
    if (!sound(releases) || !known(releases, regions)) {
      return;
    } else if (!answers.there()) {
      faults.add(releases, Faults.shown(releases.text()) + " has no `answers`");
      return;
    }
    for (Place type : agreement.member("types").items()) {
      if (sound(type) && !answers.member("types").texts().contains(type.text())) {
        faults.add(
            type,
            "%s is not among the `types` that %s answers with"
                .formatted(Faults.shown(type.text()), Faults.shown(releases.text())));
      }
    }
  }

  private void checkAsking(Place agreement, Place regions) {
    for (Place to : agreement.member("to").items()) {
      if (!sound(to) || !known(to, regions)) {
        continue;
      }
      if (to.text().equals(agreement.member("releases").text())) {
        faults.add(to, "a region needs no agreement with itself");
      } else if (!regions.member(to.text()).member("asks").there()) {
        faults.add(to, Faults.shown(to.text()) + " has no `asks`");
      }
    }
  }

  /** A code that does not exist would be permitted to nobody, or worse, denied to nobody. */
  private void checkPurposes(Place purposes) {
    for (Place purpose : purposes.items()) {
      if (sound(purpose) && !new PurposeOfUse(purpose.text()).known()) {
        faults.add(
            purpose, Faults.shown(purpose.text()) + " is no purpose of use that v3 ActReason has");
      }
    }
  }

  private void checkBases(Place agreement) {
    Place bases = agreement.member("bases");
    if (bases.there() && agreement.member("relationship").text().equals("optional")) {
      faults.add(bases, "count only where `relationship` is `required`");
    }
  }

  private void checkBreakGlass(Place agreement) {
    Place terms = agreement.member("break-glass");
    boolean covered = agreement.member("purposes").texts().contains(BREAK_GLASS);
    if (covered != terms.there()) {
      faults.add(terms, "and `" + BREAK_GLASS + "` among `purposes` need each other");
    }
    for (Place role : terms.member("roles").items()) {
      if (sound(role) && !agreement.member("roles").texts().contains(role.text())) {
        faults.add(role, Faults.shown(role.text()) + " is not among the agreement's `roles`");
      }
    }
    checkCeiling(terms.member("ceiling"));
    checkLifted(agreement.member("ceiling"), terms.member("ceiling"));
  }

  /** Broken glass never shows less than whole glass does. */
  private void checkLifted(Place own, Place lifted) {
    if (!lifted.there() || faults.told(lifted.at())) {
      return;
    }
    Place level = lifted.member("confidentiality");
    if (confidentiality(own).isAbove(confidentiality(lifted))) {
      faults.add(level, "is below the agreement's own `ceiling`");
    }
    List<String> kept = own.member("without").texts();
    for (Place sensitivity : lifted.member("without").items()) {
      if (sound(sensitivity) && kept.stream().noneMatch(code -> covers(code, sensitivity.text()))) {
        faults.add(
            sensitivity,
            Faults.shown(sensitivity.text()) + " is disclosed by the agreement's own `ceiling`");
      }
    }
    Place documents = lifted.member("unlabelled-documents");
    if (own.member("unlabelled-documents").text().equals("permit")
        && !documents.text().equals("permit")) {
      faults.add(documents, "is below the agreement's own `ceiling`, which says `permit`");
    }
  }

  private static Confidentiality confidentiality(Place ceiling) {
    return Confidentiality.of(ceiling.member("confidentiality").text("N"))
        .orElse(Confidentiality.N);
  }

  private static boolean covers(String code, String sensitivity) {
    return new Sensitivity(sensitivity).isWithin(new Sensitivity(code));
  }

  /** A sensitivity that does not exist would be kept back from nobody. */
  private void checkCeiling(Place ceiling) {
    for (Place sensitivity : ceiling.member("without").items()) {
      if (sound(sensitivity) && !new Sensitivity(sensitivity.text()).known()) {
        faults.add(
            sensitivity,
            Faults.shown(sensitivity.text()) + " is no sensitivity that v3 ActCode has");
      }
    }
  }

  private void checkReleaseReady(Place agreement) {
    List<String> types = agreement.member("types").texts();
    for (Place type : agreement.member("release-ready").items()) {
      if (sound(type) && DOCUMENTS.contains(type.text())) {
        faults.add(
            type, Faults.shown(type.text()) + " is a document, which patients cannot be shown yet");
      } else if (sound(type) && !types.contains(type.text())) {
        faults.add(type, Faults.shown(type.text()) + " is not among the agreement's `types`");
      }
    }
  }

  private void checkSaysWhat(Place denial) {
    if (DENIAL_TERMS.stream().noneMatch(term -> denial.member(term).there())
        && !faults.told(denial.at())) {
      faults.add(denial, "states no term and would deny everything; state one at least");
    }
  }

  private boolean known(Place id, Place regions) {
    boolean known = regions.member(id.text()).there();
    if (!known) {
      faults.add(id, Faults.shown(id.text()) + " is no region of this file");
    }
    return known;
  }

  private void checkValidity(Place valid) {
    Optional<LocalDate> from = day(valid.member("from"));
    Optional<LocalDate> until = day(valid.member("until"));
    if (from.isPresent() && until.isPresent() && from.get().isAfter(until.get())) {
      faults.add(valid.member("until"), "is before `from`");
    }
  }

  private Optional<LocalDate> day(Place place) {
    if (!sound(place)) {
      return Optional.empty();
    }
    Optional<LocalDate> day = Measures.day(place.text());
    if (day.isEmpty()) {
      faults.add(place, "is no day of the calendar");
    }
    return day;
  }

  private boolean sound(Place place) {
    return place.isText() && !faults.told(place.at());
  }
}
