package dev.ermine.federation;

import dev.ermine.federation.FederatedAnswer.FoundDocument;
import dev.ermine.federation.FederatedAnswer.NotFound;
import dev.ermine.federation.PeerQuestion.Document.At;
import dev.ermine.fhir.BinaryContent;
import dev.ermine.fhir.Gather;
import dev.ermine.merge.Disclosure;
import dev.ermine.merge.PeerAnswer;
import dev.ermine.merge.PeerAnswer.Miss;
import dev.ermine.merge.document.Content;
import dev.ermine.merge.document.OpenDocument;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Reads of one region's document. It is disclosed when it is pointed to, and every pointer to it
 * is; the region is asked for it only then. Of a document in its own type no byte has been read
 * when it is answered with, and whoever is answered ends it.
 *
 * @see <a href="https://hl7.org/fhir/R4/binary.html#rest">FHIR R4: serving Binary</a>
 */
final class DocumentReader {

  /** The types whose entries point to documents. */
  private static final List<String> POINTERS = List.of("DocumentReference", "DiagnosticReport");

  private final ReadDisclosure disclosures;
  private final Fanout fanout;

  DocumentReader(ReadDisclosure disclosures, Fanout fanout) {
    this.disclosures = disclosures;
    this.fanout = fanout;
  }

  FederatedAnswer binary(Round round, ReadItem.Binary binary) {
    return read(
        round,
        binary.wish(),
        disclosure ->
            disclosure.permitsDocument(binary.id())
                ? Optional.of(new At.Binary(binary.id()))
                : Optional.empty());
  }

  FederatedAnswer attachment(Round round, ReadItem.Attachment attachment) {
    return read(
        round,
        attachment.wish(),
        disclosure -> disclosure.document(attachment.url()).map(At.Address::new));
  }

  /** Where a document is that may be had by what points to it. */
  private interface Permission {
    Optional<At> of(Disclosure pointers);
  }

  private FederatedAnswer read(Round round, DocumentWish wish, Permission permission) {
    List<String> pointers =
        round.decision().permitted().stream().filter(POINTERS::contains).toList();
    if (pointers.isEmpty()) {
      return new NotFound();
    }
    return disclosures.disclosed(
        round,
        round.search(pointers, List.of()),
        pointers,
        (disclosure, answered) ->
            notAllRead(answered)
                .<FederatedAnswer>map(ReadDisclosure::missed)
                .orElseGet(
                    () ->
                        permission
                            .of(disclosure)
                            .map(at -> content(round, at, wish, disclosure))
                            .orElseGet(NotFound::new)));
  }

  /** A pointer that was not read may be one that is withheld. */
  private static Optional<Miss> notAllRead(PeerAnswer.Answered answered) {
    boolean cut =
        answered.types().values().stream()
            .filter(PeerAnswer.TypeAnswer.Read.class::isInstance)
            .flatMap(type -> ((PeerAnswer.TypeAnswer.Read) type).gaps().stream())
            .anyMatch(gap -> gap.kind() != PeerAnswer.Gap.Kind.PEER_WARNING);
    return ReadDisclosure.firstMiss(answered)
        .or(() -> cut ? Optional.of(new Miss.Failing("not read whole")) : Optional.empty());
  }

  private FederatedAnswer content(Round round, At at, DocumentWish wish, Disclosure disclosure) {
    PeerQuestion question =
        new PeerQuestion.Document(
            round.region(),
            round.regions().gateway(),
            round.read().call(),
            round.read().patient(),
            at,
            wish.range());
    return switch (fanout.ask(List.of(question), round.deadline()).getFirst().answer()) {
      case PeerAnswer.Document document -> answer(round, document, wish, disclosure);
      case PeerAnswer.Missed(Miss miss) -> ReadDisclosure.missed(miss);
      case PeerAnswer.NotMatched _, PeerAnswer.Objected _, PeerAnswer.Answered _ -> new NotFound();
    };
  }

  private static FederatedAnswer answer(
      Round round, PeerAnswer.Document document, DocumentWish wish, Disclosure disclosure) {
    FederatedAnswer answer = new NotFound();
    try {
      if (disclosure.permits(document.securityContext())) {
        answer = disclosed(round, document.content(), wish, disclosure);
      }
    } finally {
      if (!(answer instanceof FoundDocument)) {
        document.abandon();
      }
    }
    return answer;
  }

  private static FederatedAnswer disclosed(
      Round round, Content content, DocumentWish wish, Disclosure disclosure) {
    return switch (content) {
      case OpenDocument open -> found(round, open, wish);
      case Content.Wrapped(var binary) ->
          disclosure
              .binary(binary)
              .map(resource -> unwrapped(round, resource, wish))
              .orElseGet(NotFound::new);
    };
  }

  /** A Binary that says neither type nor data is not the document, but all that there is. */
  private static FederatedAnswer unwrapped(Round round, Gather resource, DocumentWish wish) {
    Optional<BinaryContent> inside = wish.inFhir() ? Optional.empty() : BinaryContent.of(resource);
    return inside
        .map(held -> found(round, OpenDocument.held(held.contentType(), held.bytes()), wish))
        .orElseGet(() -> round.found(resource));
  }

  private static FederatedAnswer found(Round round, OpenDocument document, DocumentWish wish) {
    return new FoundDocument(document.cut(wish.range()), round.read().region(), Set.of());
  }
}
