package dev.ermine.merge;

import dev.ermine.fhir.Entry;
import dev.ermine.merge.fact.Person;
import dev.ermine.policy.EntryDecision;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The regions' Patients, as far as the asker may have them. Every region's is fetched, and where it
 * was not asked for it may still say that the patient has died.
 */
final class Persons {

  private Persons() {}

  /** {@code region/Patient/id} of those whom nobody asked for. */
  static List<String> unasked(List<Person> persons) {
    return persons.stream()
        .filter(person -> person.fullUrl().isEmpty())
        .map(person -> person.region().id() + "/Patient/" + person.patient().id().orElse("?"))
        .toList();
  }

  /** Those of the regions that disclose anything, in the order of these. */
  static List<Person> of(List<Contribution> contributions, List<Merged.Share> shares) {
    List<Person> persons = new ArrayList<>();
    for (Merged.Share share : shares) {
      List<Person> disclosed = disclosed(share);
      persons.addAll(disclosed.isEmpty() ? fetched(contributions, share) : disclosed);
    }
    return persons;
  }

  private static List<Person> disclosed(Merged.Share share) {
    return share.entries().stream()
        .filter(placed -> placed.entry().type().equals("Patient"))
        .map(placed -> new Person(share.region(), Optional.of(placed.fullUrl()), placed.entry()))
        .toList();
  }

  /** Of a region with several it is not known here which of them is surely the one asked about. */
  private static List<Person> fetched(List<Contribution> contributions, Merged.Share share) {
    return contributions.stream()
        .filter(contribution -> contribution.region().id().equals(share.region().id()))
        .flatMap(contribution -> may(contribution).stream())
        .map(patient -> new Person(share.region(), Optional.empty(), patient))
        .toList();
  }

  private static Optional<Entry> may(Contribution contribution) {
    return contribution instanceof Contribution.Asked asked
            && asked.answer() instanceof PeerAnswer.Answered answered
            && answered.patients().size() == 1
            && !asked.types().contains("Patient")
            && asked.disclosable().contains("Patient")
            && !asked.policy().undecided()
            && asked.policy().withholdAll().isEmpty()
        ? answered.patients().stream()
            .filter(patient -> asked.policy().decide(patient) instanceof EntryDecision.Disclosed)
            .findFirst()
        : Optional.empty();
  }
}
