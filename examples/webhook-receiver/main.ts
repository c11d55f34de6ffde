import { webhookReceiver } from './receiver.ts';

const { WEBHOOK_SECRET = '', PORT = '9000' } = process.env;

webhookReceiver(WEBHOOK_SECRET, async ({ type, data }) => {
  console.log(type, data.revealId, data.result ? 'with what was found' : '');
}).listen(Number(PORT), '127.0.0.1', () => console.log(`listening on http://127.0.0.1:${PORT}`));
