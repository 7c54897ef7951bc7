package dev.ermine.merge;

import dev.ermine.fhir.Issue;
import dev.ermine.merge.person.Person;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The check that is left where nobody has said who the patient is: regions whose Patients are two
 * people cannot both mean this one. Which of them does is not for a majority to say, so neither is
 * merged; a further region never brings one back.
 */
final class CrossCheck {

  private static final String UNCHECKED =
      "identity not cross-checked: records were found by the NHS number alone, since nothing else is"
          + " known of the patient. ";

  private static final String DISAGREEING =
      "Regions whose patients are not one person are quarantined, all of them. ";

  private static final String ADVICE =
      "Send the patient's demographics (family, given, birthdate, gender) in the token";

  private final boolean needed;
  private final List<Optional<RegionView>> views;
  private final boolean disagree;

  private CrossCheck(boolean needed, List<Optional<RegionView>> views, boolean disagree) {
    this.needed = needed;
    this.views = views;
    this.disagree = disagree;
  }

  /** The check of what each region has answered with, in order. */
  static CrossCheck of(Sought sought, List<Optional<RegionView>> views) {
    if (sought.reference().isPresent()) {
      return new CrossCheck(false, views, false);
    }
    boolean[] doubted = new boolean[views.size()];
    boolean disagree = false;
    for (int one = 0; one < doubted.length; one++) {
      for (int other = one + 1; other < doubted.length; other++) {
        if (disagree(persons(views.get(one)), persons(views.get(other)))) {
          doubted[one] = true;
          doubted[other] = true;
          disagree = true;
        }
      }
    }
    List<Optional<RegionView>> left = new ArrayList<>();
    for (int i = 0; i < doubted.length; i++) {
      left.add(doubted[i] ? Optional.empty() : views.get(i));
    }
    return new CrossCheck(true, left, disagree);
  }

  private static List<Person> persons(Optional<RegionView> view) {
    return view.map(v -> v.standing().persons()).orElse(List.of());
  }

  private static boolean disagree(List<Person> these, List<Person> those) {
    return these.stream()
        .anyMatch(one -> those.stream().anyMatch(other -> Patients.disagree(one, other)));
  }

  /** The views that stand, each in its place. */
  List<Optional<RegionView>> views() {
    return views;
  }

  /** What is to be said of it. */
  List<Remark> notes() {
    return needed
        ? List.of(
            new Remark(
                Issue.information(
                    Issue.Code.INFORMATIONAL, UNCHECKED + (disagree ? DISAGREEING : "") + ADVICE),
                List.of()))
        : List.of();
  }
}
