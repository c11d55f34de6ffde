import { type RevealRelayClient, RevealRelayProblem } from 'reveal-relay/client';

/** The work e-mail addresses of a person. Asked for again, they cost nothing for 30 days. */
export async function workEmailsOf(linkedinUrl: string, relay: RevealRelayClient): Promise<string[]> {
  try {
    const { reveal } = await relay.start({ linkedinUrl, find: ['work-emails'] });
    const ended = await relay.waitFor(reveal.revealId, { timeoutMs: 15 * 60_000 });
    if (ended.status !== 'completed') throw new Error(`${ended.revealId}: ${ended.status} (${ended.reason})`);
    return (ended.result?.emails ?? []).map(({ email }) => email);
  } catch (error) {
    // What is no person's profile costs nothing, and has nothing.
    if (error instanceof RevealRelayProblem && error.type === '/problems/invalid-body') return [];
    throw error;
  }
}
