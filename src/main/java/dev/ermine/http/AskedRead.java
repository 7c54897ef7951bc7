package dev.ermine.http;

import dev.ermine.federation.DocumentWish;
import dev.ermine.federation.ReadItem;
import dev.ermine.fhir.Issue;
import dev.ermine.fhir.NhsNumber;
import dev.ermine.fhir.ResourceId;
import dev.ermine.fhir.ResourceTypes;
import dev.ermine.merge.document.DocumentLink;
import dev.ermine.region.RegionId;
import dev.ermine.trust.Requester;
import java.util.List;
import java.util.Optional;

/** What became of a request for a read: a question, or the reply that says why it is none. */
sealed interface AskedRead {

  /** A question. */
  record Question(NhsNumber patient, RegionId region, ReadItem item) implements AskedRead {}

  /** Not a question. */
  record NotAsked(Reply reply) implements AskedRead {}

  /** Reads a request for {@code id} of {@code type} in {@code region}. */
  static AskedRead read(
      Requester requester, String region, String type, String id, Admitted admitted) {
    // A document comes in its own type, whatever that is; a resource in JSON.
    boolean document = type.equals("Binary");
    if (!document && !Media.acceptsFhirJson(admitted.headers().getAll("accept"))) {
      return new NotAsked(Refusals.of(Fault.NOT_ACCEPTABLE));
    }
    return ResourceTypes.isKnown(type) && ResourceId.isValid(id)
        ? read(
            requester,
            region,
            document ? new ReadItem.Binary(id, wish(admitted)) : new ReadItem.Resource(type, id),
            admitted)
        : new NotAsked(Refusals.notFound());
  }

  /** Reads a request for the document whose URL is in that segment of its path. */
  static AskedRead document(Requester requester, String region, String segment, Admitted admitted) {
    return DocumentLink.url(segment)
        .map(url -> new ReadItem.Attachment(url, wish(admitted)))
        .map(attachment -> read(requester, region, attachment, admitted))
        .orElseGet(() -> new NotAsked(Refusals.notFound()));
  }

  private static DocumentWish wish(Admitted admitted) {
    return new DocumentWish(
        Media.namesFhirJson(admitted.headers().getAll("accept")),
        RangeHeader.read(admitted.headers()));
  }

  private static AskedRead read(
      Requester requester, String region, ReadItem item, Admitted admitted) {
    if (!RegionId.isValid(region)) {
      return new NotAsked(Refusals.notFound());
    }
    return switch (WishHeaders.read(admitted.headers())) {
      case WishHeaders.Heard.Unclear unclear -> new NotAsked(Refusals.malformed(unclear.faults()));
      case WishHeaders.Heard.Understood understood ->
          named(understood, requester)
              .<AskedRead>map(patient -> new Question(patient, new RegionId(region), item))
              .orElseGet(() -> new NotAsked(Refusals.malformed(List.of(PATIENT_MISSING))));
    };
  }

  /** The patient whom the header names, or else the token. */
  private static Optional<NhsNumber> named(
      WishHeaders.Heard.Understood understood, Requester requester) {
    return understood.patient().or(() -> requester.patient().map(Requester.Patient::identifier));
  }

  Issue PATIENT_MISSING =
      Issue.error(
          Issue.Code.REQUIRED,
          "a read names its patient: send `Ermine-Patient: %s|` and an NHS number, or a token with"
                  .formatted(NhsNumber.SYSTEM)
              + " `patient`");
}
