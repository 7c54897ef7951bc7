package dev.ermine.region;

import java.time.LocalDate;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** What a schema cannot say of agreements: that they hold together with the regions. */
final class AgreementChecks {

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
      checkValidity(agreement.member("valid"));
    }
  }

  private void checkId(Place id) {
    Integer first = lines.putIfAbsent(id.text(), faults.line(id.at()));
    if (first != null && sound(id)) {
      faults.add(id, "is the id of the agreement in line " + first + " too; give each its own");
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
