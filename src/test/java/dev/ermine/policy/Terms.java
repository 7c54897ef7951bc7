package dev.ermine.policy;

import dev.ermine.fhir.Confidentiality;
import dev.ermine.fhir.PurposeOfUse;
import dev.ermine.region.Agreement;
import dev.ermine.region.ReleaseTerms;
import dev.ermine.region.ReleaseTerms.Ceiling;
import dev.ermine.region.ReleaseTerms.ImplicitConsent;
import dev.ermine.region.ReleaseTerms.LegalGroup;
import dev.ermine.region.ReleaseTerms.Telling;
import dev.ermine.testing.Given;
import java.time.LocalDate;
import java.util.Optional;
import java.util.Set;

/** An agreement of London with HWE whose terms are changed one by one. */
record Terms(
    String id,
    Set<PurposeOfUse> purposes,
    Set<String> types,
    Optional<Agreement.BreakGlass> breakGlass,
    ReleaseTerms terms) {

  static final Set<String> TYPES =
      Set.of("Patient", "Observation", "Organization", "DocumentReference", "Binary");

  static Terms of(String id, String... purposes) {
    return new Terms(id, Parties.purposes(purposes), TYPES, Optional.empty(), ReleaseTerms.DEFAULT);
  }

  Agreement agreement() {
    return new Agreement(
        id,
        Parties.LONDON,
        Set.of(Parties.HWE),
        Set.of(),
        purposes,
        Set.of("R8000"),
        types,
        Agreement.Relationship.OPTIONAL,
        breakGlass,
        LocalDate.of(2022, 1, 1),
        LocalDate.of(2022, 12, 31),
        terms);
  }

  Terms types(String... others) {
    return new Terms(id, purposes, Set.of(others), breakGlass, terms);
  }

  /** The glass may be broken, under that ceiling or its own. */
  Terms glass(Optional<Ceiling> ceiling) {
    return new Terms(
        id,
        purposes,
        types,
        Optional.of(new Agreement.BreakGlass(Set.of("R8000"), Given.STEP_UP, ceiling)),
        terms);
  }

  Terms implicit(ImplicitConsent implicit) {
    return with(implicit, terms.ceiling(), terms.law(), terms.releaseReady(), terms.telling());
  }

  Terms ceiling(Ceiling ceiling) {
    return with(terms.implicit(), ceiling, terms.law(), terms.releaseReady(), terms.telling());
  }

  Terms ceiling(Confidentiality confidentiality, String... without) {
    return ceiling(
        new Ceiling(confidentiality, Set.of(without), terms.ceiling().unlabelledDocuments()));
  }

  Terms unlabelledDocuments() {
    Ceiling usual = terms.ceiling();
    return ceiling(new Ceiling(usual.confidentiality(), usual.without(), true));
  }

  Terms law(LegalGroup... groups) {
    return with(
        terms.implicit(), terms.ceiling(), Set.of(groups), terms.releaseReady(), terms.telling());
  }

  Terms releaseReady(String... ready) {
    return with(terms.implicit(), terms.ceiling(), terms.law(), Set.of(ready), terms.telling());
  }

  Terms telling(boolean objections, boolean labels, boolean law) {
    return with(
        terms.implicit(),
        terms.ceiling(),
        terms.law(),
        terms.releaseReady(),
        new Telling(objections, labels, law));
  }

  Terms restrictedPatients() {
    return with(
        new ReleaseTerms(
            terms.implicit(),
            terms.ceiling(),
            terms.law(),
            true,
            terms.releaseReady(),
            terms.telling(),
            terms.notice()));
  }

  Terms notice(String notice) {
    return with(
        new ReleaseTerms(
            terms.implicit(),
            terms.ceiling(),
            terms.law(),
            terms.restrictedPatients(),
            terms.releaseReady(),
            terms.telling(),
            Optional.of(notice)));
  }

  private Terms with(
      ImplicitConsent implicit,
      Ceiling ceiling,
      Set<LegalGroup> law,
      Set<String> releaseReady,
      Telling telling) {
    return with(
        new ReleaseTerms(
            implicit,
            ceiling,
            law,
            terms.restrictedPatients(),
            releaseReady,
            telling,
            terms.notice()));
  }

  private Terms with(ReleaseTerms others) {
    return new Terms(id, purposes, types, breakGlass, others);
  }
}
